package dev.signalbox.domain.run;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import java.util.Optional;

/// Where a run comes from.
///
/// @param root the top of its tree; its own id if it has no parent
/// @param branchedFrom the run and journal position that it was branched from
/// @param level how many runs are above it, if any is
public record Lineage(
        RunId root,
        Optional<RunId> parent,
        Optional<BranchPoint> branchedFrom,
        Optional<Integer> level) {


    /// A position in another run's journal.
    ///
    /// @param plan what becomes of the calls that the other run made behind it; empty if the run
    ///     asks for the same again, from the beginning
    public record BranchPoint(RunId runId, long seq, Optional<Digest> plan) {

        public BranchPoint(RunId runId, long seq) {
            this(runId, seq, Optional.empty());
        }
    }

    public static Lineage rootOf(RunId id) {
        return new Lineage(id, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static Lineage branch(RunId id, BranchPoint from) {
        return new Lineage(id, Optional.empty(), Optional.of(from), Optional.empty());
    }

    /// The lineage of a child of `parent`, whose own lineage this is.
    public Lineage childOf(RunId parent) {
        return new Lineage(
                root, Optional.of(parent), Optional.empty(), Optional.of(level.orElse(0) + 1));
    }
}
