package dev.signalbox.runtime.stage;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Decision;
import dev.signalbox.domain.approval.ApprovalTerms;
import dev.signalbox.domain.approval.CallBinding;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.policy.PolicyDecision;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent.ApprovalOutcome;
import dev.signalbox.domain.run.RunEvent.ApprovalRequested;
import dev.signalbox.domain.run.RunEvent.ApprovalResolved;
import dev.signalbox.domain.run.RunEvent.CheckpointSaved;
import dev.signalbox.domain.run.RunEvent.RunFailed;
import dev.signalbox.domain.run.RunEvent.RunHeld;
import dev.signalbox.domain.run.RunEvent.StepCompleted;
import dev.signalbox.domain.run.RunEvent.StepOutcome;
import dev.signalbox.domain.run.RunEvent.ToolProposed;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.StepNames;
import dev.signalbox.domain.run.Steps;
import dev.signalbox.domain.run.ToolCall;
import dev.signalbox.domain.run.ToolCall.Status;
import dev.signalbox.domain.tool.SideEffect;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.domain.workflow.WorkflowStep.Task;
import dev.signalbox.store.StoreClock;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    /// Asks for the decision that a workflow's step is. What is decided on is the step's input.
    Draft ask(Work work, String step, EffectId effect) {
        if (!(work.workflow().graph().task(step)
                instanceof Task.Decide(ApprovalTerms terms, Optional<String> message, var _))) {
            throw new IllegalStateException("the step '" + step + "' asks nobody");
        }
        RunIdentity run = work.progress().identity();
        Steps.Open open =
                Optional.ofNullable(work.progress().steps().open().get(step)).orElseThrow();
        Instant now = clock.instant();
        String subject = StepNames.decisionOf(step);
        CallBinding binding =
                new CallBinding(
                        effect,
                        subject,
                        Digest.of(subject),
                        open.input(),
                        run.definition().digest(),
                        work.definition().policy().digest(),
                        run.tenant(),
                        run.requestedBy());
        Approval approval =
                new Approval(
                        new ApprovalId(ids.next()),
                        run.id(),
                        run.tenant(),
                        effect,
                        subject,
                        open.input(),
                        binding.digest(),
                        SideEffect.NONE,
                        work.definition().policy().name(),
                        binding.policyDigest(),
                        Optional.empty(),
                        message.orElse("The step '" + step + "' of the workflow asks for it."),
                        terms,
                        run.requestedBy(),
                        now,
                        terms.expiresIn().map(now::plus),
                        Approval.Status.PENDING,
                        List.of());
        return Draft.of(
                        new ToolProposed(
                                effect,
                                step,
                                subject,
                                open.input(),
                                binding.digest(),
                                Optional.empty()),
                        new ApprovalRequested(
                                effect,
                                approval.id(),
                                approval.callDigest(),
                                SideEffect.NONE,
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
                resolve(work, approval).ifPresent(draft::append);
            }
        }
        return draft;
    }

    private static boolean awaits(ToolCall call, Approval approval) {
        return call.status() instanceof Status.AwaitingApproval(ApprovalId id, var _)
                && id.equals(approval.id());
    }

    private Optional<Draft> resolve(Work work, Approval approval) {
        Optional<String> step = StepNames.decided(approval.tool());
        return switch (approval.status()) {
            case PENDING ->
                    approval.expiresAt()
                            .filter(end -> !clock.instant().isBefore(end))
                            .map(_ -> expired(approval));
            case APPROVED ->
                    Optional.of(
                            resolved(approval, ApprovalOutcome.APPROVED)
                                    .add(
                                            new CheckpointSaved(
                                                    "approved " + step.orElse(approval.tool())))
                                    .append(decided(work, approval, step)));
            case REJECTED ->
                    Optional.of(
                            resolved(approval, ApprovalOutcome.REJECTED)
                                    .append(decided(work, approval, step)));
            case EDITED -> Optional.of(resolved(approval, ApprovalOutcome.EDITED));
            case EXPIRED, WITHDRAWN -> Optional.empty();
        };
    }

    /// The end of the step that was decided on, if it was one.
    private static Draft decided(Work work, Approval approval, Optional<String> step) {
        Draft draft = new Draft();
        if (step.isEmpty()) {
            return draft;
        }
        boolean approved = approval.status() == Approval.Status.APPROVED;
        Decision last = approval.decisions().getLast();
        Digest output =
                draft.keep(
                        Json.of(
                                Map.of(
                                        "decision",
                                        approved ? "approved" : "rejected",
                                        "by",
                                        approval.decisions().stream().map(Decision::by).toList(),
                                        "reason",
                                        last.reason())));
        return draft.add(
                new StepCompleted(
                        step.get(),
                        approved ? StepOutcome.COMPLETED : StepOutcome.FAILED,
                        Optional.of(output),
                        approved
                                ? Optional.empty()
                                : Optional.of(
                                        new RunError("rejected", last.by() + ": " + last.reason())),
                        approved ? Optional.empty() : StepStage.consequence(work, step.get())));
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

    private static String subject(Approval approval) {
        return StepNames.decided(approval.tool())
                .map(step -> "the step '" + step + "'")
                .orElse("the call of " + approval.tool());
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
                                            "Nobody decided in time on "
                                                    + subject(approval)
                                                    + ".")));
            case HOLD ->
                    draft.add(
                            new RunHeld(
                                    new Hold(
                                            Hold.Reason.APPROVAL_EXPIRED,
                                            "Nobody decided in time on "
                                                    + subject(approval)
                                                    + ". Releasing the run refuses the"
                                                    + " call.",
                                            Optional.of(approval.effectId()),
                                            Optional.empty()),
                                    Optional.empty()));
        };
    }
}
