package dev.signalbox.domain.job;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/// When a job fires.
public sealed interface Schedule {

    /// At the local times that match; see [LocalTimes] for the days on which clocks change.
    ///
    /// @param expression five fields: minute, hour, day of month, month, day of week
    record Cron(String expression, ZoneId zone) implements Schedule {}

    /// At even distances, whatever the clocks on the walls do.
    record Every(Duration period) implements Schedule {
        public Every {
            if (!period.isPositive()) {
                throw new IllegalArgumentException("a period is longer than nothing");
            }
        }
    }

    /// Once.
    record At(Instant time) implements Schedule {}
}
