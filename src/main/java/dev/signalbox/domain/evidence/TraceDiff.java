package dev.signalbox.domain.evidence;

import dev.signalbox.domain.evidence.Deed.Aspect;
import dev.signalbox.domain.evidence.Deed.Fact;
import dev.signalbox.domain.run.Lineage.BranchPoint;
import dev.signalbox.domain.run.RunIdentity;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where two runs differ, and where they began to.
///
/// Guarantee: pure, and says the same of the same two journals. If one run was branched from the
/// other, what lies before the branch is not compared; otherwise things are compared that have the
/// same kind, step and tool, and among those the ones with the same content first. What is a run's
/// own (ids, times, workers) is no difference.
///
/// @param rows both runs side by side
/// @param cause why they differ, as far as two journals can tell
/// @param first the first difference that made them go different ways
/// @param byAspect the first difference of each aspect
public record TraceDiff(
        AlignedBy alignedBy,
        List<Row> rows,
        Cause cause,
        Optional<Divergence> first,
        Map<Aspect, Divergence> byAspect) {

    /// How it was found which deeds belong together.
    public enum AlignedBy {
        /// One was branched from the other, or both from a third.
        LINEAGE,
        CONTENT
    }

    /// Why two runs differ.
    public enum Cause {
        /// They do not.
        NONE,
        INPUT,
        DEFINITION,
        /// The same was asked of another model.
        OTHER_MODEL,
        /// The same model was asked the same and answered something else.
        MODEL,
        /// People decided, signalled or held differently.
        PEOPLE,
        /// A tool, a child or the outside did something else.
        OUTSIDE,
        /// Anything else that is a run's own: its labels, who asked, limits, time.
        RUN
    }

    /// Two deeds side by side; one that only one run has stands alone.
    ///
    /// @param beforeBranch whether it lies before the point where the two parted
    public record Row(
            Optional<Deed> left, Optional<Deed> right, boolean beforeBranch, List<Aspect> differs) {

        public Row {
            differs = List.copyOf(differs);
        }

        static Row of(Deed left, Deed right, boolean beforeBranch) {
            return new Row(
                    Optional.of(left),
                    Optional.of(right),
                    beforeBranch,
                    left.differences(right));
        }

        static Row left(Deed deed) {
            return new Row(
                    Optional.of(deed), Optional.empty(), false, List.of(deed.main()));
        }

        static Row right(Deed deed) {
            return new Row(
                    Optional.empty(), Optional.of(deed), false, List.of(deed.main()));
        }

        private Row swapped() {
            return new Row(right, left, beforeBranch, differs);
        }
    }

    /// One difference.
    ///
    /// @param of what it is about: the tool, the step
    /// @param left what the left run has; empty if it has nothing of the kind
    public record Divergence(
            Aspect aspect,
            Deed.Kind kind,
            String of,
            Optional<Fact> left,
            Optional<Fact> right) {}

    public TraceDiff {
        rows = List.copyOf(rows);
        byAspect = Collections.unmodifiableMap(new EnumMap<>(byAspect));
    }

    public static TraceDiff of(RecordedRun left, RecordedRun right) {
        List<Deed> lefts = DeedFold.of(left);
        List<Deed> rights = DeedFold.of(right);
        Optional<Long> parted = parted(left, right);
        boolean leftIsBranch = branch(left).filter(at -> at.runId().equals(right.id())).isPresent();
        List<Row> rows =
                leftIsBranch
                        ? Alignment.of(rights, lefts, before(rights, parted)).stream()
                                .map(Row::swapped)
                                .toList()
                        : Alignment.of(lefts, rights, before(lefts, parted));
        Map<Aspect, Divergence> byAspect = new EnumMap<>(Aspect.class);
        Optional<Divergence> first = Optional.empty();
        for (Row row : rows) {
            if (row.beforeBranch()) {
                continue;
            }
            for (Aspect aspect : row.differs()) {
                Divergence divergence = divergence(row, aspect);
                byAspect.putIfAbsent(aspect, divergence);
                if (first.isEmpty() && aspect.tells()) {
                    first = Optional.of(divergence);
                }
            }
        }
        return new TraceDiff(
                parted.isPresent() ? AlignedBy.LINEAGE : AlignedBy.CONTENT,
                rows,
                cause(left.summary().identity(), right.summary().identity(), rows, first),
                first,
                byAspect);
    }

    private static Optional<BranchPoint> branch(RecordedRun run) {
        return run.summary().identity().lineage().branchedFrom();
    }

    /// The position up to which the two share a history.
    private static Optional<Long> parted(RecordedRun left, RecordedRun right) {
        Optional<BranchPoint> ofLeft = branch(left);
        Optional<BranchPoint> ofRight = branch(right);
        if (ofRight.isPresent() && ofRight.get().runId().equals(left.id())) {
            return ofRight.map(BranchPoint::seq);
        }
        if (ofLeft.isPresent() && ofLeft.get().runId().equals(right.id())) {
            return ofLeft.map(BranchPoint::seq);
        }
        return ofLeft.isPresent()
                        && ofRight.isPresent()
                        && ofLeft.get().runId().equals(ofRight.get().runId())
                ? Optional.of(0L)
                : Optional.empty();
    }

    private static int before(List<Deed> deeds, Optional<Long> seq) {
        return (int) deeds.stream().filter(deed -> deed.seq() <= seq.orElse(0L)).count();
    }

    private static Divergence divergence(Row row, Aspect aspect) {
        Deed either = row.left().or(row::right).orElseThrow();
        return new Divergence(
                aspect,
                either.kind(),
                either.step().orElse(either.name()),
                row.left().flatMap(deed -> deed.fact(aspect)),
                row.right().flatMap(deed -> deed.fact(aspect)));
    }

    private static Cause cause(
            RunIdentity left, RunIdentity right, List<Row> rows, Optional<Divergence> first) {
        if (first.isEmpty()) {
            return Cause.NONE;
        }
        if (!left.definition().digest().equals(right.definition().digest())) {
            return Cause.DEFINITION;
        }
        if (!left.input().equals(right.input())) {
            return Cause.INPUT;
        }
        return switch (first.get().aspect()) {
            case MODEL_OUTPUT -> otherModel(rows) ? Cause.OTHER_MODEL : Cause.MODEL;
            case APPROVAL, SIGNAL -> Cause.PEOPLE;
            case EFFECT, STEP -> Cause.OUTSIDE;
            case MODEL, CALL, DECISION, VERIFICATION, HOLD, COST, OUTCOME -> Cause.RUN;
        };
    }

    private static boolean otherModel(List<Row> rows) {
        return rows.stream()
                .filter(row -> row.differs().contains(Aspect.MODEL_OUTPUT))
                .findFirst()
                .filter(row -> row.differs().contains(Aspect.MODEL))
                .isPresent();
    }
}
