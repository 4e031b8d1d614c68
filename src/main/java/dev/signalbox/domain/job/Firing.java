package dev.signalbox.domain.job;

import dev.signalbox.domain.id.FiringId;
import java.time.Instant;
import java.util.Optional;

/// One time at which a job fires, and what became of it.
///
/// @param scheduledAt the time that it stands for; a job has one firing for a time
/// @param decidedAt when it became what it is
/// @param reason why it made no run, or has not made one yet
/// @param missed how many times before it were missed and are not made up for
public record Firing(
        FiringId id,
        Instant scheduledAt,
        Cause cause,
        Status status,
        Instant decidedAt,
        Optional<String> reason,
        int missed) {

    /// What made the job fire.
    public enum Cause {
        /// Its schedule, in time.
        SCHEDULE,
        /// Its schedule, afterwards: nobody was there to fire in time.
        MISFIRE,
        /// A person, now.
        TRIGGER,
        /// A person, for a time that has passed.
        BACKFILL;

        /// Whether a person asked for it.
        public boolean commanded() {
            return this == TRIGGER || this == BACKFILL;
        }
    }

    /// What became of it.
    public enum Status {
        /// It makes its run later.
        WAITING,
        /// It made a run, whose id is the firing's.
        STARTED,
        /// It makes no run.
        SKIPPED,
        /// Its run could not be made.
        FAILED
    }

    public Firing become(Status now, Instant at, Optional<String> why) {
        return new Firing(id, scheduledAt, cause, now, at, why, missed);
    }
}
