package dev.signalbox.store;

import dev.signalbox.domain.id.JobId;
import dev.signalbox.domain.job.Firing;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.RunStatus;
import java.time.Instant;
import java.util.Optional;

/// A job, and how it stands.
///
/// @param document what it is to do, as the definition reader wrote it
/// @param retired its document is gone: it does not fire any more
/// @param anchor when its schedule was applied
/// @param next the first time of its schedule that has not been seen to; none if it is paused or
///     there is no more
/// @param fired how many runs its schedule has made, waiting firings included
/// @param version grows with every change
/// @param queued how many of its firings wait
/// @param open how many of its runs have not ended
/// @param last the firing for the latest time, waiting ones left out
public record Job(
        JobId id,
        String tenant,
        String name,
        Origin origin,
        JsonObject document,
        boolean paused,
        boolean retired,
        Instant anchor,
        Optional<Instant> next,
        long fired,
        long version,
        int queued,
        int open,
        Optional<PastFiring> last) {

    /// Who keeps the job.
    public enum Origin {
        /// The definitions directory: when the document is gone from it, so is the job.
        DOCUMENT,
        /// Operators.
        OPERATOR
    }

    /// A firing and how its run stands.
    ///
    /// @param run empty if it made no run
    public record PastFiring(Firing firing, Optional<RunStatus> run) {}
}
