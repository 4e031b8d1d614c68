package dev.signalbox.store;

import io.smallrye.mutiny.Uni;
import java.time.Duration;

/// What waits in the store, of all tenants, for those who watch over it.
public interface Backlogs {

    /// What waits now. Cheap however much that is, and however many runs are parked: counts are
    /// exact up to at least `most` and may stop there; ages are exact.
    Uni<Backlog> read(int most);

    /// What waits at one moment, by the store's clock. An age of nothing is zero.
    ///
    /// @param dueRuns runs that want a worker and have none
    /// @param longestDue how long the longest of them has wanted one
    /// @param pendingApprovals approvals that nobody has settled
    /// @param longestPending how long the longest of them has waited
    /// @param openCommands commands that no worker has answered
    record Backlog(
            long dueRuns,
            Duration longestDue,
            long pendingApprovals,
            Duration longestPending,
            long openCommands) {}
}
