package dev.signalbox.runtime.stage;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Decision;
import dev.signalbox.domain.approval.ApprovalTerms;
import dev.signalbox.domain.approval.CallBinding;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.policy.PolicyDecision;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent.ApprovalOutcome;
import dev.signalbox.domain.run.RunEvent.ApprovalRequested;
import dev.signalbox.domain.run.RunEvent.ApprovalResolved;
import dev.signalbox.domain.run.RunEvent.CheckpointSaved;
import dev.signalbox.domain.run.RunEvent.RunFailed;
import dev.signalbox.domain.run.RunEvent.RunHeld;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.ToolCall;
import dev.signalbox.domain.run.ToolCall.Status;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.store.StoreClock;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Second stage of a tool call: people decide on this exact call, and their decision comes back.
@ApplicationScoped
public class ApprovalStage {

    private final IdSource ids;
    private final StoreClock clock;

    public ApprovalStage(IdSource ids, StoreClock clock) {
        this.ids = ids;
        this.clock = clock;
    }

    /// Asks for an approval of the call that `binding` describes.
    Draft request(Work work, ToolDefinition tool, CallBinding binding, PolicyDecision decision) {
        ApprovalTerms terms = decision.approval().orElseThrow();
        Instant now = clock.instant();
        Approval approval = pending(work, tool, binding, decision, terms, now);
        return Draft.of(
                        new ApprovalRequested(
                                binding.effectId(),
                                approval.id(),
                                approval.callDigest(),
                                tool.sideEffect(),
                                terms,
                                approval.expiresAt()))
                .open(approval);
    }

    private Approval pending(
            Work work,
            ToolDefinition tool,
            CallBinding binding,
            PolicyDecision decision,
            ApprovalTerms terms,
            Instant now) {
        RunIdentity run = work.progress().identity();
        return new Approval(
                new ApprovalId(ids.next()),
                run.id(),
                run.tenant(),
                binding.effectId(),
                tool.name(),
                binding.arguments(),
                binding.digest(),
                tool.sideEffect(),
                work.definition().policy().name(),
                binding.policyDigest(),
                decision.ruleId(),
                decision.reason(),
                terms,
                run.requestedBy(),
                now,
                terms.expiresIn().map(now::plus),
                Approval.Status.PENDING,
                List.of());
    }

    /// What has become of the approvals that the run waits for; empty if nothing has.
    public Draft resolve(Work work, List<Approval> approvals) {
        Draft draft = new Draft();
        for (Approval approval : approvals) {
            if (work.progress()
                    .call(approval.effectId())
                    .filter(call -> awaits(call, approval))
                    .isPresent()) {
                resolve(approval).ifPresent(draft::append);
            }
        }
        return draft;
    }

    private static boolean awaits(ToolCall call, Approval approval) {
        return call.status() instanceof Status.AwaitingApproval(ApprovalId id, var _)
                && id.equals(approval.id());
    }

    private Optional<Draft> resolve(Approval approval) {
        return switch (approval.status()) {
            case PENDING ->
                    approval.expiresAt()
                            .filter(end -> !clock.instant().isBefore(end))
                            .map(_ -> expired(approval));
            case APPROVED ->
                    Optional.of(
                            resolved(approval, ApprovalOutcome.APPROVED)
                                    .add(new CheckpointSaved("approved " + approval.tool())));
            case REJECTED -> Optional.of(resolved(approval, ApprovalOutcome.REJECTED));
            case EDITED -> Optional.of(resolved(approval, ApprovalOutcome.EDITED));
            case EXPIRED, WITHDRAWN -> Optional.empty();
        };
    }

    private static Draft resolved(Approval approval, ApprovalOutcome outcome) {
        List<String> by = new ArrayList<>();
        approval.decisions().forEach(decision -> by.add(decision.by()));
        Decision last = approval.decisions().getLast();
        return Draft.of(
                new ApprovalResolved(
                        approval.effectId(),
                        approval.id(),
                        outcome,
                        by,
                        last.reason(),
                        last.editedArguments()));
    }

    private static Draft expired(Approval approval) {
        String reason = "Nobody decided in time.";
        Draft draft =
                Draft.of(
                                new ApprovalResolved(
                                        approval.effectId(),
                                        approval.id(),
                                        ApprovalOutcome.EXPIRED,
                                        List.of(),
                                        reason,
                                        Optional.empty()))
                        .close(approval.id(), Approval.Status.EXPIRED);
        return switch (approval.terms().onExpiry()) {
            case REJECT -> draft;
            case FAIL ->
                    draft.add(
                            new RunFailed(
                                    new RunError(
                                            "approval_expired",
                                            "Nobody decided in time on the call of "
                                                    + approval.tool()
                                                    + ".")));
            case HOLD ->
                    draft.add(
                            new RunHeld(
                                    new Hold(
                                            Hold.Reason.APPROVAL_EXPIRED,
                                            "Nobody decided in time on the call of "
                                                    + approval.tool()
                                                    + ". Releasing the run refuses the"
                                                    + " call.",
                                            Optional.of(approval.effectId()),
                                            Optional.empty()),
                                    Optional.empty()));
        };
    }
}
