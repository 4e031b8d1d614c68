package dev.signalbox.domain.job;

import java.time.LocalDateTime;
import java.util.Optional;

/// The local times that a cron expression matches, on a calendar on which clocks never change.
public interface CronTimes {

    /// The first after that time, itself not included.
    Optional<LocalDateTime> next(String expression, LocalDateTime after);

    /// The last before that time, itself not included.
    Optional<LocalDateTime> previous(String expression, LocalDateTime before);
}
