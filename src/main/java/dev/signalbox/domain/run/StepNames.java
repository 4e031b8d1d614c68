package dev.signalbox.domain.run;

import java.util.Locale;
import java.util.Optional;

/// Names of what a workflow's run has under way. A step goes by its id; what belongs to a step has
/// a name that no id can be.
public final class StepNames {

    private static final String COMPENSATION = ":compensate";

    private static final String TIMER = "step:";
    private static final String DECISION = "approval:";

    private StepNames() {}

    /// The timer that a step waits for.
    public static String timerOf(String step) {
        return TIMER + step;
    }

    /// The step that waits for that timer, if it is a step's.
    public static Optional<String> timed(String timer) {
        return after(TIMER, timer);
    }

    /// What stands for the tool where people decide on a step rather than on a call.
    public static String decisionOf(String step) {
        return DECISION + step;
    }

    /// The step that people decide on, if `tool` is no tool but stands for one.
    public static Optional<String> decided(String tool) {
        return after(DECISION, tool);
    }

    /// What stands for the tool where a run of its own does what a step does.
    public static String childOf(DefinitionRef definition) {
        return childOf(definition.kind(), definition.name());
    }

    public static String childOf(DefinitionRef.Kind kind, String name) {
        return kind.name().toLowerCase(Locale.ROOT) + ":" + name;
    }

    private static Optional<String> after(String prefix, String name) {
        return name.startsWith(prefix)
                ? Optional.of(name.substring(prefix.length()))
                : Optional.empty();
    }

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
