package dev.signalbox.domain.run;

import dev.signalbox.domain.approval.ApprovalTerms;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.tool.SideEffect;
import dev.signalbox.domain.verify.VerifyRule.OnFail;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One entry of a run's journal: something that happened, and cannot be changed.
///
/// Guarantee: large or sensitive values (inputs, arguments, results, what a model said) stand here
/// as digests only, so that a value can be erased and the chain of hashes still verifies.
public sealed interface RunEvent {

    record RunSubmitted(RunIdentity identity) implements RunEvent {}

    record RunStarted(String worker) implements RunEvent {}

    /// @param attempt counted from 1
    record ModelRequested(EffectId effectId, int attempt, String provider, String model)
            implements EffectEvent {}

    /// @param model which model answered, as the provider says
    /// @param offline whether the answer was scripted rather than given by a model
    record ModelCompleted(
            EffectId effectId,
            Optional<Digest> text,
            List<ProposedCall> calls,
            TokenUsage usage,
            BigDecimal costUsd,
            String model,
            String finishReason,
            boolean offline)
            implements EffectEvent {
        public ModelCompleted {
            calls = List.copyOf(calls);
        }
    }

    /// @param retryAt when the next attempt is due; empty if there is none
    record ModelFailed(
            EffectId effectId, int attempt, String code, String detail, Optional<Instant> retryAt)
            implements EffectEvent {}

    /// @param callDigest binds the exact call: tool, arguments, identity, policy version
    /// @param replaces the proposal that a person edited into this one
    record ToolProposed(
            EffectId effectId,
            String callId,
            String tool,
            Digest arguments,
            Digest callDigest,
            Optional<EffectId> replaces)
            implements EffectEvent {}

    /// @param terms how the approval works, if one is required
    record PolicyDecided(
            EffectId effectId,
            Verdict verdict,
            String policy,
            Digest policyDigest,
            Optional<String> ruleId,
            String reason,
            Optional<ApprovalTerms> terms)
            implements EffectEvent {}

    record ApprovalRequested(
            EffectId effectId,
            ApprovalId approvalId,
            Digest callDigest,
            SideEffect sideEffect,
            ApprovalTerms terms,
            Optional<Instant> expiresAt)
            implements EffectEvent {}

    /// @param by who decided; empty if the approval expired
    /// @param arguments the edited arguments, if the decision was to edit
    record ApprovalResolved(
            EffectId effectId,
            ApprovalId approvalId,
            ApprovalOutcome outcome,
            List<String> by,
            String reason,
            Optional<Digest> arguments)
            implements EffectEvent {
        public ApprovalResolved {
            by = List.copyOf(by);
        }
    }

    /// The intent: from here on the call may have reached the other side.
    record ToolStarted(EffectId effectId, int attempt) implements EffectEvent {}

    record ToolCompleted(EffectId effectId, int attempt, Digest result) implements EffectEvent {}

    /// Of a call whose outcome was unknown already: the outside was asked, and could not say.
    ///
    /// @param body what the other side answered, if it did
    /// @param retryAt when the next attempt is due, or the next question to the outside if the
    ///     outcome is unknown; empty if there is none
    record ToolFailed(
            EffectId effectId,
            int attempt,
            FailureKind kind,
            String code,
            String detail,
            Optional<Digest> body,
            Optional<Instant> retryAt)
            implements EffectEvent {}

    record EffectReconciled(
            EffectId effectId, boolean happened, Optional<Digest> result, String by, String reason)
            implements EffectEvent {}

    /// @param findings a list of texts; empty if everything holds
    /// @param onFail what the findings lead to, if there are any
    /// @param output the verified output, if everything holds
    record VerificationCompleted(
            int round, Optional<Digest> findings, Optional<OnFail> onFail, Optional<Digest> output)
            implements RunEvent {}

    /// A workflow's step begins: what it needs is done, its condition holds, its input is known.
    record StepStarted(String step, Digest input) implements StepEvent {}

    /// A workflow's step ends. One that is skipped, or whose condition or input cannot be evaluated,
    /// ends without having begun.
    ///
    /// @param output what came of it, if it completed
    /// @param error why it failed, if it did
    record StepCompleted(
            String step, StepOutcome outcome, Optional<Digest> output, Optional<RunError> error)
            implements StepEvent {}

    record CheckpointSaved(String label) implements RunEvent {}

    record TimerSet(String timer, Instant at) implements RunEvent {}

    record TimerFired(String timer) implements RunEvent {}

    /// @param message what a steering signal says
    record SignalReceived(CommandId commandId, SignalType type, Optional<Digest> message, String by)
            implements RunEvent {}

    /// @param spanId the trace span that ends here; what comes after the wait links to it
    record RunWaiting(WaitingOn waitingOn, Optional<String> spanId) implements RunEvent {}

    record RunResumed(String worker, String reason) implements RunEvent {}

    /// @param spanId the trace span that ends here; what comes after the hold links to it
    record RunHeld(Hold hold, Optional<String> spanId) implements RunEvent {}

    record RunReleased(String by, String reason) implements RunEvent {}

    record RunCompleted(Digest output) implements RunEvent {}

    record RunFailed(RunError error) implements RunEvent {}

    record RunCancelled(String by, String reason) implements RunEvent {}

    /// An event that belongs to one effect.
    sealed interface EffectEvent extends RunEvent {
        EffectId effectId();
    }

    /// An event that belongs to one step of a workflow.
    sealed interface StepEvent extends RunEvent {
        String step();
    }

    /// A call that a model proposed in one answer, or a workflow's step.
    ///
    /// @param callId the model's own id of the call, or the step
    record ProposedCall(String callId, String tool, Digest arguments) {}

    /// How a step ended.
    enum StepOutcome {
        COMPLETED,
        /// Its condition did not hold.
        SKIPPED,
        FAILED
    }

    /// How an approval ended.
    enum ApprovalOutcome {
        APPROVED,
        REJECTED,
        EDITED,
        EXPIRED
    }

    /// Why a tool call failed: what is known about whether it happened.
    enum FailureKind {
        /// It did not happen, and will not.
        PERMANENT,
        /// It did not happen, and may the next time.
        RETRYABLE,
        /// Nobody knows.
        UNKNOWN
    }

    /// What a client may tell a run.
    enum SignalType {
        CANCEL,
        PAUSE,
        RESUME,
        STEER
    }
}
