package dev.signalbox.store;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;

/// Approvals, as those who decide see them.
public interface ApprovalInbox {

    Uni<Optional<Approval>> find(ApprovalId id);

    /// Approvals that match, the longest-waiting first.
    Uni<Page<Approval>> list(ApprovalFilter filter, PageRequest page);

    /// Records a decision by the rules of [dev.signalbox.domain.approval.ApprovalRules], under a
    /// lock and by the store's clock, together with its audit record, and wakes the run if the
    /// approval is settled by it. Fails with the rules'
    /// [dev.signalbox.domain.problem.ProblemException], or `not_found` if the actor's tenant has no
    /// such approval, having changed nothing.
    Uni<Approval> decide(Ballot ballot);

    /// One person's decision on its way in.
    ///
    /// @param callDigest the call that the person saw
    /// @param edited the arguments that the person wants instead, if the choice is to edit
    /// @param audit what to record if the decision stands
    record Ballot(
            ApprovalId id,
            Actor actor,
            Digest callDigest,
            Approval.Decision.Choice choice,
            String reason,
            Optional<Json.JsonObject> edited,
            AuditRecord audit) {

        /// The decision that this ballot is, made at `at`.
        ///
        /// @throws dev.signalbox.domain.problem.ProblemException if it edits without arguments, or
        ///     has arguments without editing
        public Approval.Decision decision(Instant at) {
            if (edited.isPresent() != (choice == Approval.Decision.Choice.EDIT)) {
                throw Problem.at(
                                ProblemCode.INVALID_REQUEST,
                                "arguments",
                                "the decision and its arguments do not match",
                                "arguments with 'edit', and only with 'edit'")
                        .asException();
            }
            return new Approval.Decision(
                    choice, actor.name(), reason, edited.map(Json::digest), at);
        }
    }

    /// Which approvals to list; empty means any.
    record ApprovalFilter(String tenant, Optional<Approval.Status> status, Optional<RunId> runId) {}
}
