package dev.signalbox.domain.run;

import dev.signalbox.domain.id.RunId;
import java.util.Optional;

/// Where a run comes from.
///
/// @param root the top of its tree; its own id if it has no parent
/// @param branchedFrom the run and journal position that it was branched from
public record Lineage(RunId root, Optional<RunId> parent, Optional<BranchPoint> branchedFrom) {

    /// A position in another run's journal.
    public record BranchPoint(RunId runId, long seq) {}

    public static Lineage rootOf(RunId id) {
        return new Lineage(id, Optional.empty(), Optional.empty());
    }
}
