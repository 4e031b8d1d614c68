package dev.signalbox.operator.view;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.RunEvent.ApprovalOutcome;
import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.domain.tool.SideEffect;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One thing that a run did, as a person thinks of it: several events of the journal, told as one.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Step.ModelTurn.class, name = "model"),
    @JsonSubTypes.Type(value = Step.ToolStep.class, name = "tool"),
    @JsonSubTypes.Type(value = Step.WorkflowStep.class, name = "step"),
    @JsonSubTypes.Type(value = Step.Verification.class, name = "verification"),
    @JsonSubTypes.Type(value = Step.Moment.class, name = "moment")
})
public sealed interface Step {

    /// Position of the step's first event in the journal.
    long seq();

    Instant startedAt();

    /// The model was asked, and what it said.
    ///
    /// @param number counted from 1
    /// @param offline whether the answer was scripted rather than given by a model
    /// @param text what it said; empty also if it was erased
    record ModelTurn(
            EffectId effectId,
            long seq,
            long lastSeq,
            Instant startedAt,
            Optional<Instant> finishedAt,
            Optional<Duration> duration,
            ModelStatus status,
            int number,
            String provider,
            String model,
            boolean offline,
            Optional<Json> text,
            List<Proposal> proposals,
            Optional<TokenUsage> usage,
            Optional<BigDecimal> costUsd,
            Optional<String> finishReason,
            List<Attempt> attempts)
            implements Step {
        public ModelTurn {
            proposals = List.copyOf(proposals);
            attempts = List.copyOf(attempts);
        }
    }

    /// A tool call from its proposal to what came of it.
    ///
    /// @param step the workflow's step that made the call; empty if a model did
    /// @param arguments as they are sent; empty if they were erased
    /// @param replaces the proposal that a person edited into this one
    /// @param replacedBy the proposal that this one was edited into
    /// @param body what the other side answered to a call that failed
    record ToolStep(
            EffectId effectId,
            long seq,
            long lastSeq,
            Instant startedAt,
            Optional<Instant> finishedAt,
            Optional<Duration> duration,
            ToolStatus status,
            String tool,
            String callId,
            Optional<String> step,
            Optional<Json> arguments,
            Digest argumentsDigest,
            Digest callDigest,
            Optional<EffectId> replaces,
            Optional<EffectId> replacedBy,
            Optional<PolicySignal> policy,
            Optional<ApprovalGate> approval,
            List<Attempt> attempts,
            Optional<Json> result,
            Optional<Problem> problem,
            Optional<Json> body,
            Optional<Reconciliation> reconciled)
            implements Step {
        public ToolStep {
            attempts = List.copyOf(attempts);
        }
    }

    /// A workflow's step without a call: it was skipped, failed before its call, or has just begun.
    /// A step that has made a call is told as that call.
    ///
    /// @param note what it waits for, or what ended its wait
    record WorkflowStep(
            String step,
            long seq,
            long lastSeq,
            Instant startedAt,
            Optional<Instant> finishedAt,
            Optional<Duration> duration,
            StepStatus status,
            Optional<Problem> problem,
            Optional<String> note)
            implements Step {}

    /// The output was checked.
    ///
    /// @param findings what was wrong with it; empty if it was erased too
    /// @param consequence `fail` or `revise`; empty if everything held
    record Verification(
            long seq,
            Instant startedAt,
            int round,
            boolean passed,
            Optional<Json> findings,
            Optional<String> consequence)
            implements Step {}

    /// Something that happened to the run as a whole.
    ///
    /// @param what the event's type, such as `run_held`
    record Moment(
            long seq, Instant startedAt, String what, Optional<String> by, Optional<String> detail)
            implements Step {}

    /// How far a model call has come.
    enum ModelStatus {
        RUNNING,
        RETRY_DUE,
        COMPLETED,
        FAILED
    }

    /// How far a workflow's step has come.
    enum StepStatus {
        RUNNING,
        COMPLETED,
        SKIPPED,
        FAILED
    }

    /// How far a tool call has come.
    enum ToolStatus {
        PROPOSED,
        AWAITING_APPROVAL,
        ALLOWED,
        RUNNING,
        RETRY_DUE,
        OUTCOME_UNKNOWN,
        SUCCEEDED,
        DENIED,
        REJECTED,
        EXPIRED,
        EDITED,
        FAILED
    }

    /// A call that a model proposed in its answer.
    record Proposal(String callId, String tool, Optional<Json> arguments) {}

    /// What the policy said of a call.
    record PolicySignal(
            long seq,
            Verdict verdict,
            String policy,
            Digest policyDigest,
            Optional<String> ruleId,
            String reason) {}

    /// Where people decide on a call.
    ///
    /// @param outcome empty while it waits
    /// @param waited from the request to the outcome
    record ApprovalGate(
            ApprovalId approvalId,
            SideEffect sideEffect,
            List<String> approvers,
            int quorum,
            boolean fourEyes,
            Instant requestedAt,
            Optional<Instant> expiresAt,
            Optional<ApprovalOutcome> outcome,
            List<String> by,
            Optional<String> reason,
            Optional<Instant> resolvedAt,
            Optional<Duration> waited) {
        public ApprovalGate {
            approvers = List.copyOf(approvers);
            by = List.copyOf(by);
        }
    }

    /// One try of an effect.
    ///
    /// @param outcome `running`, `succeeded`, `interrupted` (another try began before an outcome
    /// was
    ///     recorded), or for what it failed: `permanent`, `retryable`, `unknown`
    record Attempt(
            int number,
            Instant startedAt,
            Optional<Instant> finishedAt,
            String outcome,
            Optional<Problem> problem,
            Optional<Instant> retryAt) {}

    /// What went wrong, by code.
    record Problem(String code, String message) {}

    /// What a person found out about an effect whose outcome nobody knew.
    record Reconciliation(boolean happened, String by, String reason, Instant at) {}
}
