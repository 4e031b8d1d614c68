package dev.signalbox.domain.approval;

import dev.signalbox.domain.approval.Approval.Decision;
import dev.signalbox.domain.approval.Approval.Status;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Who may decide on an approval, and what their decision makes of it.
public final class ApprovalRules {

    private ApprovalRules() {}

    /// The approval after `decision`.
    ///
    /// @param callDigest the call that the decision was made on
    /// @param now by the clock that decides expiries
    /// @throws ProblemException if it is settled, for another call, or not this actor's to decide
    public static Approval decide(
            Approval approval, Actor actor, Digest callDigest, Decision decision, Instant now) {
        if (approval.status() != Status.PENDING) {
            throw refuse(
                    ProblemCode.ALREADY_SETTLED,
                    "The approval is "
                            + approval.status().name().toLowerCase(Locale.ROOT)
                            + " already.");
        }
        if (approval.expiresAt().map(end -> !now.isBefore(end)).orElse(false)) {
            throw refuse(ProblemCode.ALREADY_SETTLED, "The approval has expired.");
        }
        if (approval.terms().approvers().stream().noneMatch(actor::is)) {
            throw refuse(
                    ProblemCode.NOT_AN_APPROVER,
                    "This call is decided by "
                            + String.join(" or ", approval.terms().approvers())
                            + ".");
        }
        if (approval.terms().fourEyes() && actor.name().equals(approval.requestedBy())) {
            throw refuse(
                    ProblemCode.OWN_REQUEST,
                    "The policy wants four eyes: somebody else than the requester decides.");
        }
        if (!approval.callDigest().equals(callDigest)) {
            throw refuse(
                    ProblemCode.CALL_CHANGED,
                    "The decision is for another call than the one that waits: read it again.");
        }
        if (approval.decisions().stream().anyMatch(earlier -> earlier.by().equals(actor.name()))) {
            throw refuse(ProblemCode.ALREADY_SETTLED, "You have decided on this approval already.");
        }
        return settle(approval, decision);
    }

    private static Approval settle(Approval approval, Decision decision) {
        List<Decision> decisions = new ArrayList<>(approval.decisions());
        decisions.add(decision);
        Status status =
                switch (decision.choice()) {
                    case REJECT -> Status.REJECTED;
                    case EDIT -> Status.EDITED;
                    case APPROVE ->
                            decisions.size() >= approval.terms().quorum()
                                    ? Status.APPROVED
                                    : Status.PENDING;
                };
        return approval.with(status, decisions);
    }

    private static ProblemException refuse(ProblemCode code, String detail) {
        return Problem.of(code, detail).asException();
    }
}
