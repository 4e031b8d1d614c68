package dev.signalbox.domain.workflow;

import dev.signalbox.domain.plan.LimitCheck;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How a step that fails is tried again: with the same input, as a new call, which the policy
/// decides anew.
///
/// @param maxAttempts most attempts, the first included
/// @param delay before the second attempt
/// @param factor by which the delay grows with each further one
/// @param maxDelay longest delay
/// @param on codes of failures that are tried again; empty means all but those that people or the
///     policy have decided and those that another attempt cannot change
public record StepRetry(
        int maxAttempts, Duration delay, BigDecimal factor, Duration maxDelay, List<String> on) {

    private static final Set<String> DECIDED =
            Set.of(
                    "denied",
                    "rejected",
                    "expired",
                    "unknown_tool",
                    "invalid_arguments",
                    "step_timeout",
                    "cancelled",
                    "invalid_input",
                    LimitCheck.CODE);

    private static final int DIGITS = 12;

    public StepRetry {
        on = List.copyOf(on);
    }

    /// The pause before the next attempt, if `attempt`, counted from 1, has failed with `code` and
    /// there is another.
    public Optional<Duration> after(int attempt, String code) {
        boolean retried = on.isEmpty() ? !DECIDED.contains(code) : on.contains(code);
        if (attempt >= maxAttempts || !retried) {
            return Optional.empty();
        }
        BigDecimal longest = BigDecimal.valueOf(maxDelay.toMillis());
        BigDecimal pause =
                factor.pow(attempt - 1, new MathContext(DIGITS, RoundingMode.HALF_UP))
                        .multiply(BigDecimal.valueOf(delay.toMillis()))
                        .min(longest);
        return Optional.of(Duration.ofMillis(pause.longValue()));
    }
}
