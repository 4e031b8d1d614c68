package dev.signalbox.operator.view;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.retention.LegalHold;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.Shortage;
import dev.signalbox.web.RunView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A run with everything that a person needs to judge it.
///
/// @param run at the top level of the JSON
/// @param legalHold who keeps the run's tree from being pruned, if anybody does
/// @param actions what the caller may command now
public record RunDetail(
        @JsonUnwrapped RunView run,
        String requestedBy,
        int priority,
        Optional<Instant> deadline,
        Optional<HoldView> hold,
        List<Step> steps,
        List<Timeline.Mark> checkpoints,
        List<Timeline.Fault> errors,
        List<ApprovalView> pendingApprovals,
        Children children,
        LineageView lineage,
        Optional<LegalHoldView> legalHold,
        List<String> actions) {

    public RunDetail {
        steps = List.copyOf(steps);
        checkpoints = List.copyOf(checkpoints);
        errors = List.copyOf(errors);
        pendingApprovals = List.copyOf(pendingApprovals);
        actions = List.copyOf(actions);
    }

    /// Why a run is held.
    ///
    /// @param effectIds effects whose outcome somebody has to find out, as the journal says
    /// @param shortage what the run has used up, if it is about its budget
    public record HoldView(
            Hold.Reason reason,
            String detail,
            Instant since,
            Optional<String> by,
            List<EffectId> effectIds,
            Optional<Shortage> shortage) {
        public HoldView {
            effectIds = List.copyOf(effectIds);
        }
    }

    /// Why the run's tree is kept.
    public record LegalHoldView(String by, String reason, Instant since) {

        public static LegalHoldView of(LegalHold hold) {
            return new LegalHoldView(hold.by(), hold.reason(), hold.since());
        }
    }

    /// The runs that this one started.
    public record Children(int runs, Map<RunStatus, Long> byStatus) {
        public Children {
            byStatus = Map.copyOf(byStatus);
        }
    }

    /// Where the run comes from.
    public record LineageView(
            RunId rootRunId, Optional<RunId> parentRunId, Optional<RunView.Branch> branchedFrom) {}
}
