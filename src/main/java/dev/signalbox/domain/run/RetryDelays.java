package dev.signalbox.domain.run;

import java.time.Duration;
import java.util.Optional;

/// How long to wait before a call is made again.
///
/// @param attempts most attempts, the first included
/// @param first delay after the first attempt; doubles with each further one
/// @param longest longest delay, whatever the other side asks for
public record RetryDelays(int attempts, Duration first, Duration longest) {

    private static final int MAX_DOUBLINGS = 20;

    /// The delay after `attempt` attempts have failed; empty if there is to be no other.
    ///
    /// @param asked how long the other side asked to be left alone
    public Optional<Duration> after(int attempt, Optional<Duration> asked) {
        if (attempt >= attempts) {
            return Optional.empty();
        }
        Duration own = first.multipliedBy(1L << Math.min(attempt - 1, MAX_DOUBLINGS));
        Duration wanted = asked.filter(pause -> pause.compareTo(own) > 0).orElse(own);
        return Optional.of(wanted.compareTo(longest) > 0 ? longest : wanted);
    }
}
