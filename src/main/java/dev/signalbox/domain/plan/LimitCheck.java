package dev.signalbox.domain.plan;

import dev.signalbox.domain.run.Progress;
import java.time.Instant;
import java.util.Optional;

/// What ends a run, or a step of it, whatever it has done.
public final class LimitCheck {

    public static final String CODE = "limit_exceeded";

    private LimitCheck() {}

    /// How the run ends, if its deadline has passed.
    public static Optional<Action> late(Progress progress, Instant now) {
        return progress.identity()
                .deadline()
                .filter(deadline -> !now.isBefore(deadline))
                .map(
                        deadline ->
                                Action.Rest.fail(
                                        "deadline_exceeded",
                                        "The run did not finish by its deadline, "
                                                + deadline
                                                + "."));
    }
}
