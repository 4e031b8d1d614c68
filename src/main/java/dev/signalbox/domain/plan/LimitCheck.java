package dev.signalbox.domain.plan;

import dev.signalbox.domain.run.Progress;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Whether a run has used up what it may.
public final class LimitCheck {

    public static final String CODE = "limit_exceeded";

    private LimitCheck() {}

    /// How the run ends, if it has used up its time, tokens or money.
    public static Optional<Action> exceeded(Limits limits, Progress progress, Instant now) {
        Optional<Instant> deadline = progress.identity().deadline();
        if (deadline.isPresent() && !now.isBefore(deadline.get())) {
            return Optional.of(
                    Action.Rest.fail(
                            "deadline_exceeded",
                            "The run did not finish by its deadline, " + deadline.get() + "."));
        }
        Optional<Duration> wallClock = limits.wallClock();
        if (wallClock.isPresent() && worked(progress, now).compareTo(wallClock.get()) > 0) {
            return over("The limit of " + wallClock.get() + " of working time is used up.");
        }
        Optional<Long> tokens = limits.tokens();
        if (tokens.isPresent() && progress.usage().tokens() > tokens.get()) {
            return over(
                    "The limit of "
                            + tokens.get()
                            + " tokens is used up: "
                            + progress.usage().tokens()
                            + " so far.");
        }
        Optional<BigDecimal> cost = limits.costUsd();
        if (cost.isPresent() && progress.usage().costUsd().compareTo(cost.get()) > 0) {
            return over("The limit of " + cost.get() + " US dollars is used up.");
        }
        return Optional.empty();
    }

    private static Duration worked(Progress progress, Instant now) {
        return progress.startedAt()
                .map(start -> Duration.between(start, now).minus(progress.waited()))
                .orElse(Duration.ZERO);
    }

    private static Optional<Action> over(String message) {
        return Optional.of(Action.Rest.fail(CODE, message));
    }
}
