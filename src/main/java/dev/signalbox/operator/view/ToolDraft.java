package dev.signalbox.operator.view;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.run.IllegalHistoryException;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.EffectEvent;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.operator.view.Step.ApprovalGate;
import dev.signalbox.operator.view.Step.PolicySignal;
import dev.signalbox.operator.view.Step.Problem;
import dev.signalbox.operator.view.Step.Reconciliation;
import dev.signalbox.operator.view.Step.ToolStatus;
import dev.signalbox.operator.view.Step.ToolStep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A tool call, while its events are read.
final class ToolDraft {

    private final RunEvent.ToolProposed proposal;
    private final Optional<String> step;
    private final long seq;
    private final Instant proposedAt;
    private final Values values;
    private final AttemptLog attempts = new AttemptLog();
    private long lastSeq;
    private ToolStatus status = ToolStatus.PROPOSED;
    private Optional<Instant> finishedAt = Optional.empty();
    private Optional<EffectId> replacedBy = Optional.empty();
    private Optional<PolicySignal> policy = Optional.empty();
    private Optional<ApprovalGate> approval = Optional.empty();
    private Optional<Digest> result = Optional.empty();
    private Optional<Problem> problem = Optional.empty();
    private Optional<Digest> body = Optional.empty();
    private Optional<Reconciliation> reconciled = Optional.empty();

    /// @param step the workflow's step whose first call this is, if it is
    ToolDraft(
            Placed placed,
            RunEvent.ToolProposed proposal,
            Optional<StepDraft> step,
            Values values) {
        this.proposal = proposal;
        this.step = step.map(StepDraft::id);
        this.seq = step.filter(first -> !first.hasCall()).map(StepDraft::seq).orElse(placed.seq());
        this.lastSeq = placed.seq();
        this.proposedAt = placed.at();
        this.values = values;
    }

    boolean isOf(String workflowStep) {
        return step.filter(workflowStep::equals).isPresent();
    }

    /// The step ended, and the call with it.
    void stepEnded(Placed placed) {
        lastSeq = placed.seq();
    }

    void replacedBy(Placed placed, EffectId next) {
        replacedBy = Optional.of(next);
        end(placed, ToolStatus.EDITED);
    }

    void add(Placed placed, EffectEvent event) {
        lastSeq = placed.seq();
        switch (event) {
            case RunEvent.PolicyDecided decided -> decided(placed, decided);
            case RunEvent.ApprovalRequested asked -> {
                approval = Optional.of(gate(placed, asked));
                status = ToolStatus.AWAITING_APPROVAL;
            }
            case RunEvent.ApprovalResolved resolved -> resolved(placed, resolved);
            case RunEvent.ToolStarted(var _, int attempt) -> {
                attempts.begin(placed, attempt);
                status = ToolStatus.RUNNING;
            }
            case RunEvent.ToolCompleted completed -> {
                attempts.succeeded(placed);
                result = Optional.of(completed.result());
                problem = Optional.empty();
                end(placed, ToolStatus.SUCCEEDED);
            }
            case RunEvent.ToolFailed failed -> failed(placed, failed);
            case RunEvent.EffectReconciled known -> reconciled(placed, known);
            case RunEvent.ChildStarted _ -> {
                attempts.begin(placed, 1);
                status = ToolStatus.RUNNING;
            }
            case RunEvent.ChildSettled settled -> settled(placed, settled);
            case RunEvent.ModelRequested _,
                    RunEvent.ModelCompleted _,
                    RunEvent.ModelFailed _,
                    RunEvent.ToolProposed _ ->
                    throw new IllegalHistoryException(
                            "a tool call has no " + event.getClass().getSimpleName());
        }
    }

    private void decided(Placed placed, RunEvent.PolicyDecided decided) {
        policy =
                Optional.of(
                        new PolicySignal(
                                placed.seq(),
                                decided.verdict(),
                                decided.policy(),
                                decided.policyDigest(),
                                decided.ruleId(),
                                decided.reason()));
        switch (decided.verdict()) {
            case ALLOW -> status = ToolStatus.ALLOWED;
            case DENY -> {
                problem = Optional.of(new Problem("denied", decided.reason()));
                end(placed, ToolStatus.DENIED);
            }
            case REQUIRE_APPROVAL -> {}
        }
    }

    private static ApprovalGate gate(Placed placed, RunEvent.ApprovalRequested asked) {
        return new ApprovalGate(
                asked.approvalId(),
                asked.sideEffect(),
                asked.terms().approvers(),
                asked.terms().quorum(),
                asked.terms().fourEyes(),
                placed.at(),
                asked.expiresAt(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private void resolved(Placed placed, RunEvent.ApprovalResolved resolved) {
        approval = approval.map(gate -> closed(gate, placed, resolved));
        switch (resolved.outcome()) {
            case APPROVED -> status = ToolStatus.ALLOWED;
            case EDITED -> status = ToolStatus.EDITED;
            case REJECTED -> refuse(placed, ToolStatus.REJECTED, "rejected", resolved.reason());
            case EXPIRED -> refuse(placed, ToolStatus.EXPIRED, "expired", resolved.reason());
        }
    }

    private static ApprovalGate closed(
            ApprovalGate gate, Placed placed, RunEvent.ApprovalResolved resolved) {
        return new ApprovalGate(
                gate.approvalId(),
                gate.sideEffect(),
                gate.approvers(),
                gate.quorum(),
                gate.fourEyes(),
                gate.requestedAt(),
                gate.expiresAt(),
                Optional.of(resolved.outcome()),
                resolved.by(),
                Optional.of(resolved.reason()),
                Optional.of(placed.at()),
                Optional.of(Duration.between(gate.requestedAt(), placed.at())));
    }

    private void failed(Placed placed, RunEvent.ToolFailed failed) {
        Problem what = new Problem(failed.code(), failed.detail());
        attempts.failed(
                placed, failed.kind().name().toLowerCase(Locale.ROOT), what, failed.retryAt());
        problem = Optional.of(what);
        body = failed.body();
        switch (failed.kind()) {
            case PERMANENT -> end(placed, ToolStatus.FAILED);
            case UNKNOWN -> status = ToolStatus.OUTCOME_UNKNOWN;
            case RETRYABLE -> {
                if (failed.retryAt().isPresent()) {
                    status = ToolStatus.RETRY_DUE;
                } else {
                    end(placed, ToolStatus.FAILED);
                }
            }
        }
    }

    private void reconciled(Placed placed, RunEvent.EffectReconciled known) {
        reconciled =
                Optional.of(
                        new Reconciliation(
                                known.happened(), known.by(), known.reason(), placed.at()));
        problem = Optional.empty();
        if (known.happened()) {
            result = known.result();
            end(placed, ToolStatus.SUCCEEDED);
        } else {
            status = ToolStatus.ALLOWED;
        }
    }

    private void settled(Placed placed, RunEvent.ChildSettled settled) {
        if (settled.output().isPresent()) {
            attempts.succeeded(placed);
            result = settled.output();
            end(placed, ToolStatus.SUCCEEDED);
            return;
        }
        Problem what =
                settled.error()
                        .map(error -> new Problem(error.code(), error.message()))
                        .orElse(new Problem("child_failed", "It failed."));
        attempts.failed(placed, "permanent", what, Optional.empty());
        problem = Optional.of(what);
        end(placed, ToolStatus.FAILED);
    }

    private void refuse(Placed placed, ToolStatus refusal, String code, String reason) {
        problem = Optional.of(new Problem(code, reason));
        end(placed, refusal);
    }

    private void end(Placed placed, ToolStatus last) {
        lastSeq = placed.seq();
        status = last;
        finishedAt = Optional.of(placed.at());
    }

    ToolStep step() {
        return new ToolStep(
                proposal.effectId(),
                seq,
                lastSeq,
                proposedAt,
                finishedAt,
                finishedAt.map(end -> Duration.between(proposedAt, end)),
                status,
                proposal.tool(),
                proposal.callId(),
                step,
                values.get(proposal.arguments()),
                proposal.arguments(),
                proposal.callDigest(),
                proposal.replaces(),
                replacedBy,
                policy,
                approval,
                attempts.all(),
                result.flatMap(values::get),
                problem,
                body.flatMap(values::get),
                reconciled);
    }
}
