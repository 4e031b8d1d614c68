package dev.signalbox.domain.run;

import dev.signalbox.domain.approval.ApprovalTerms;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
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

    /// @param budget what its parent lets it use, if it has one
    record RunSubmitted(RunIdentity identity, Optional<Budget> budget) implements RunEvent {

        /// One that nobody but its definition bounds.
        public RunSubmitted(RunIdentity identity) {
            this(identity, Optional.empty());
        }
    }

    /// @param runs how many runs there may be below it; of a root
    record RunStarted(String worker, Optional<Long> runs) implements RunEvent {

        public RunStarted(String worker) {
            this(worker, Optional.empty());
        }
    }

    /// @param attempt counted from 1
    record ModelRequested(EffectId effectId, int attempt, String provider, String model)
            implements EffectEvent {}

    /// @param costUsd in US dollars; empty if no price of the model was known
    /// @param model which model answered, as the provider says
    /// @param offline whether the answer was scripted rather than given by a model
    record ModelCompleted(
            EffectId effectId,
            Optional<Digest> text,
            List<ProposedCall> calls,
            TokenUsage usage,
            Optional<BigDecimal> costUsd,
            String model,
            String finishReason,
            boolean offline)
            implements EffectEvent {
        public ModelCompleted {
            calls = List.copyOf(calls);
        }
    }

    /// @param retryAt when the next attempt is due; empty if there is none
    /// @param fallback which of the agent's fallbacks, counted from 1, the next attempt turns to;
    ///     empty if it stays with the same model
    record ModelFailed(
            EffectId effectId,
            int attempt,
            String code,
            String detail,
            Optional<Instant> retryAt,
            Optional<Integer> fallback)
            implements EffectEvent {

        /// One after which no other model is asked.
        public ModelFailed(
                EffectId effectId,
                int attempt,
                String code,
                String detail,
                Optional<Instant> retryAt) {
            this(effectId, attempt, code, detail, retryAt, Optional.empty());
        }
    }

    /// @param callDigest binds the exact call: tool, arguments, identity, policy version
    /// @param replaces the proposal that a person edited into this one
    /// @param repeats in a branch, the effect of the origin that this call repeats
    record ToolProposed(
            EffectId effectId,
            String callId,
            String tool,
            Digest arguments,
            Digest callDigest,
            Optional<EffectId> replaces,
            Optional<EffectId> repeats)
            implements EffectEvent {

        /// One that repeats nothing.
        public ToolProposed(
                EffectId effectId,
                String callId,
                String tool,
                Digest arguments,
                Digest callDigest,
                Optional<EffectId> replaces) {
            this(effectId, callId, tool, arguments, callDigest, replaces, Optional.empty());
        }
    }

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

    /// Of a call that was not sent: in a branch, what takes the place of sending it.
    record EffectReconciled(
            EffectId effectId, boolean happened, Optional<Digest> result, String by, String reason)
            implements EffectEvent {}

    /// A run of its own begins to do something for this one, and is created with this event.
    ///
    /// @param step which step it is for; of a call of a tool, the call's id
    /// @param budget what is reserved for it, and all that it may use
    record ChildStarted(
            EffectId effectId,
            String step,
            RunId childId,
            DefinitionRef definition,
            Digest input,
            Optional<Budget> budget)
            implements EffectEvent {

        /// One for which nothing is reserved.
        public ChildStarted(
                EffectId effectId,
                String step,
                RunId childId,
                DefinitionRef definition,
                Digest input) {
            this(effectId, step, childId, definition, input, Optional.empty());
        }
    }

    /// A child run has ended, and this run has heard of it. What was reserved for the child is free
    /// again but for what it used, whether anything still waits for it or not.
    ///
    /// @param output what came of it, if it completed
    /// @param error why it did not, otherwise
    /// @param usage what it used up itself
    /// @param charged what it and all below it used up
    record ChildSettled(
            EffectId effectId,
            RunId childId,
            RunStatus status,
            Optional<Digest> output,
            Optional<RunError> error,
            Usage usage,
            Optional<Budget> charged)
            implements EffectEvent {

        /// Of a run with none below it.
        public ChildSettled(
                EffectId effectId,
                RunId childId,
                RunStatus status,
                Optional<Digest> output,
                Optional<RunError> error,
                Usage usage) {
            this(effectId, childId, status, output, error, usage, Optional.empty());
        }
    }

    /// An operator lets a run use more, and with it all runs above it.
    ///
    /// @param runId the run that was held; this one, or one below it
    /// @param child on the way there, the child whose reservation grows
    /// @param more what is added
    /// @param heldSince since when that run was held
    record BudgetRaised(
            RunId runId,
            Optional<RunId> child,
            Budget more,
            Instant heldSince,
            String by,
            String reason)
            implements RunEvent {}

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
    /// @param then what its failure leads to; empty if it fails the run
    record StepCompleted(
            String step,
            StepOutcome outcome,
            Optional<Digest> output,
            Optional<RunError> error,
            Optional<StepFailure> then)
            implements StepEvent {

        /// One whose failure fails the run.
        public StepCompleted(
                String step,
                StepOutcome outcome,
                Optional<Digest> output,
                Optional<RunError> error) {
            this(step, outcome, output, error, Optional.empty());
        }
    }

    /// A step's attempt failed, and the step is to be tried again with the same input.
    ///
    /// @param attempt the one that is to come, from 2
    /// @param error why the one before failed
    /// @param at when it is due
    record StepRetried(String step, int attempt, RunError error, Instant at)
            implements StepEvent {}

    record CheckpointSaved(String label) implements RunEvent {}

    record TimerSet(String timer, Instant at) implements RunEvent {}

    record TimerFired(String timer) implements RunEvent {}

    /// @param message what a steering signal says, or what a named one brings
    /// @param name of a named signal
    record SignalReceived(
            CommandId commandId,
            SignalType type,
            Optional<Digest> message,
            String by,
            Optional<String> name)
            implements RunEvent {

        /// A signal without a name.
        public SignalReceived(
                CommandId commandId, SignalType type, Optional<Digest> message, String by) {
            this(commandId, type, message, by, Optional.empty());
        }
    }

    /// A named signal reaches the step that waits for it; no other step gets it.
    ///
    /// @param message what it brings
    record SignalDelivered(String step, String name, Digest message) implements StepEvent {}

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

    /// What a step's failure leads to.
    enum StepFailure {
        /// The run fails.
        FAIL,
        /// Nothing: what needs the step goes on.
        CONTINUE,
        /// What has completed is undone, newest first, and then the run fails.
        COMPENSATE
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
        STEER,
        /// Named: for a step of a workflow that waits for it, now or later.
        SIGNAL
    }
}
