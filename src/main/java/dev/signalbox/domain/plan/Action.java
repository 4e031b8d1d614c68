package dev.signalbox.domain.plan;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.ModelChoice;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent.ProposedCall;
import dev.signalbox.domain.run.ToolCall;
import dev.signalbox.domain.run.WaitingOn;
import java.time.Instant;
import java.util.Optional;

/// What comes next in a run.
public sealed interface Action {

    /// Reaches the world outside: its intent may have to be durable first.
    sealed interface Effect extends Action {
        EffectId effectId();

        int attempt();
    }

    /// @param choice which of the agent's models is asked
    record CallModel(EffectId effectId, int attempt, ModelChoice choice) implements Effect {}

    record ExecuteTool(ToolCall call, int attempt) implements Effect {
        @Override
        public EffectId effectId() {
            return call.effectId();
        }
    }

    /// Ask the outside whether a call happened.
    ///
    /// @param attempt which question it is, counted from 1
    record ProbeCall(ToolCall call, int attempt) implements Effect {
        @Override
        public EffectId effectId() {
            return call.effectId();
        }
    }

    /// Happens inside this process, at once.
    sealed interface Step extends Action {}

    /// Put a call that a model or a step proposed to the policy.
    ///
    /// @param replaces the proposal that a person edited into this one
    record Propose(EffectId effectId, ProposedCall call, Optional<EffectId> replaces)
            implements Step {}

    /// Take down that nobody knows how a call ended: the worker that sent it is no more.
    record MissCall(ToolCall call, int attempt) implements Step {}

    /// Check the model's answer.
    record Verify(Digest text, int round) implements Step {}

    /// Moves a workflow on.
    sealed interface StepMove extends Step {
        String step();
    }

    /// Begin a step, unless its condition does not hold.
    record StartStep(String step) implements StepMove {}

    /// Close a step that has done what it was to do.
    record FinishStep(String step, Digest output) implements StepMove {}

    /// Close a step that has failed for good.
    record FailStep(String step, RunError error) implements StepMove {}

    /// Try a step again.
    ///
    /// @param attempt the one that is to come
    record RetryStep(String step, int attempt, RunError error, Instant at) implements StepMove {}

    /// End a step whose time has come.
    record FireTimer(String step) implements StepMove {}

    /// Give a step the signal that it waits for.
    record DeliverSignal(String step, String name, Digest message) implements StepMove {}

    /// Ask people for the decision that a step is.
    record AskApproval(String step, EffectId effectId) implements StepMove {}

    /// Let a run of its own do what a step does.
    ///
    /// @param budget what it may use
    record StartChild(String step, EffectId effectId, Budget budget) implements StepMove {}

    /// Let a run of its own do what a call asks for.
    ///
    /// @param budget what it may use
    record Delegate(ToolCall call, Budget budget) implements Step {}

    /// Tell a call that no run will do it.
    record Refuse(ToolCall call, RunError error) implements Step {}

    /// Every step is done: map the workflow's output and check it.
    record Conclude() implements Step {}

    /// Nothing more to do for now, or for good.
    sealed interface Rest extends Action {

        static Action park(
                WaitingOn.Kind kind, Instant now, Optional<Instant> until, String detail) {
            return new Park(new WaitingOn(kind, now, detail, Optional.empty(), until));
        }

        static Action paused(String by, Instant now) {
            return park(
                    WaitingOn.Kind.SIGNAL,
                    now,
                    Optional.empty(),
                    "Paused by " + by + ": the signal 'resume' lets it go on.");
        }

        static Action fail(String code, String message) {
            return new Fail(new RunError(code, message));
        }
    }

    /// Nothing can be done before somebody decides, a signal comes or a time is reached.
    record Park(WaitingOn waitingOn) implements Rest {}

    record HoldRun(Hold hold) implements Rest {}

    record Complete(Digest output) implements Rest {}

    record Fail(RunError error) implements Rest {}
}
