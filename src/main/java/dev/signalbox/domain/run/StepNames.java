package dev.signalbox.domain.run;

import java.util.Optional;

/// Names of what a workflow's run has under way. A step goes by its id; what belongs to a step has
/// a name that no id can be.
public final class StepNames {

    private static final String COMPENSATION = ":compensate";

    private StepNames() {}

    /// The undoing of a step.
    public static String compensationOf(String step) {
        return step + COMPENSATION;
    }

    /// The step that is undone under that name, if it is a compensation's.
    public static Optional<String> compensated(String name) {
        return name.endsWith(COMPENSATION)
                ? Optional.of(name.substring(0, name.length() - COMPENSATION.length()))
                : Optional.empty();
    }
}
