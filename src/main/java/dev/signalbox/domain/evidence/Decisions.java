package dev.signalbox.domain.evidence;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.plan.Action;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.FailureKind;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.domain.run.StepNames;
import java.time.Instant;
import java.util.Locale;

/// Which events a planner decides, and which of its actions makes which of them.
final class Decisions {

    private static final String WORKER_LOST = "worker_lost";

    private Decisions() {}

    static boolean isDecision(RunEvent event) {
        return switch (event) {
            case RunEvent.ModelRequested _,
                    RunEvent.ToolProposed _,
                    RunEvent.ToolStarted _,
                    RunEvent.ChildStarted _,
                    RunEvent.StepStarted _,
                    RunEvent.StepCompleted _,
                    RunEvent.StepRetried _,
                    RunEvent.SignalDelivered _,
                    RunEvent.VerificationCompleted _,
                    RunEvent.RunWaiting _,
                    RunEvent.RunCompleted _,
                    RunEvent.RunFailed _ ->
                    true;
            case RunEvent.TimerFired(String timer) -> StepNames.timed(timer).isPresent();
            case RunEvent.RunHeld(Hold hold, var _) ->
                    hold.by().isEmpty()
                            && (hold.reason() == Hold.Reason.UNKNOWN_OUTCOME
                                    || hold.reason() == Hold.Reason.BUDGET
                                    || hold.reason() == Hold.Reason.COMPENSATION_FAILED);
            case RunEvent.PolicyDecided _,
                    RunEvent.RunSubmitted _,
                    RunEvent.RunStarted _,
                    RunEvent.ModelCompleted _,
                    RunEvent.ModelFailed _,
                    RunEvent.ApprovalRequested _,
                    RunEvent.ApprovalResolved _,
                    RunEvent.ToolCompleted _,
                    RunEvent.ToolFailed _,
                    RunEvent.EffectReconciled _,
                    RunEvent.ChildSettled _,
                    RunEvent.CheckpointSaved _,
                    RunEvent.BudgetRaised _,
                    RunEvent.TimerSet _,
                    RunEvent.SignalReceived _,
                    RunEvent.RunResumed _,
                    RunEvent.RunReleased _,
                    RunEvent.RunCancelled _ ->
                    false;
        };
    }

    /// Taken down before a run is laid to rest whose worker was lost: what follows was planned
    /// before it.
    static boolean isLostCall(RunEvent event) {
        return event instanceof RunEvent.ToolFailed failed
                && failed.kind() == FailureKind.UNKNOWN
                && failed.code().equals(WORKER_LOST);
    }

    /// By which clock the event was decided.
    static Instant decidedAt(Placed placed) {
        return placed.event() instanceof RunEvent.RunWaiting(var waitingOn, var _)
                ? waitingOn.since()
                : placed.at();
    }

    static boolean fits(Action action, RunEvent event) {
        return switch (event) {
            case RunEvent.ModelRequested asked ->
                    action instanceof Action.CallModel call
                            && call.effectId().equals(asked.effectId())
                            && call.attempt() == asked.attempt();
            case RunEvent.ToolProposed proposed -> proposes(action, proposed);
            case RunEvent.ToolStarted(EffectId effect, int attempt) ->
                    action instanceof Action.ExecuteTool call
                            && call.effectId().equals(effect)
                            && call.attempt() == attempt;
            case RunEvent.ChildStarted started ->
                    action instanceof Action.Delegate(var call, var _)
                            ? call.effectId().equals(started.effectId())
                            : action instanceof Action.StartChild(String step, EffectId effect, var _)
                                    && effect.equals(started.effectId())
                                    && step.equals(started.step());
            case RunEvent.StepStarted started ->
                    action instanceof Action.StartStep(String step)
                            && step.equals(started.step());
            case RunEvent.StepCompleted done -> ends(action, done);
            case RunEvent.StepRetried retried ->
                    action instanceof Action.RetryStep retry
                            && retry.step().equals(retried.step())
                            && retry.attempt() == retried.attempt();
            case RunEvent.SignalDelivered delivered ->
                    action instanceof Action.DeliverSignal(String step, String name, var message)
                            && step.equals(delivered.step())
                            && name.equals(delivered.name())
                            && message.equals(delivered.message());
            case RunEvent.TimerFired(String timer) ->
                    action instanceof Action.FireTimer(String step)
                            && StepNames.timerOf(step).equals(timer);
            case RunEvent.VerificationCompleted verified ->
                    action instanceof Action.Conclude
                            || (action instanceof Action.Verify(var _, int round)
                                    && round == verified.round());
            case RunEvent.RunWaiting(var waitingOn, var _) ->
                    action instanceof Action.Park(var planned)
                            && planned.kind() == waitingOn.kind()
                            && planned.approvalId().equals(waitingOn.approvalId());
            case RunEvent.RunHeld(Hold hold, var _) ->
                    action instanceof Action.HoldRun(Hold planned)
                            ? planned.reason() == hold.reason()
                            : action instanceof Action.StartStep
                                    && hold.reason() == Hold.Reason.COMPENSATION_FAILED;
            case RunEvent.RunCompleted(var output) ->
                    action instanceof Action.Complete(var planned) && planned.equals(output);
            case RunEvent.RunFailed(var error) ->
                    action instanceof Action.Fail(var planned)
                            && planned.code().equals(error.code());
            default -> false;
        };
    }

    private static boolean proposes(Action action, RunEvent.ToolProposed proposed) {
        return switch (action) {
            case Action.Propose propose ->
                    propose.effectId().equals(proposed.effectId())
                            && propose.call().callId().equals(proposed.callId())
                            && propose.call().tool().equals(proposed.tool())
                            && propose.call().arguments().equals(proposed.arguments())
                            && propose.replaces().equals(proposed.replaces());
            case Action.AskApproval(String step, EffectId effect) ->
                    effect.equals(proposed.effectId()) && step.equals(proposed.callId());
            default -> false;
        };
    }

    private static boolean ends(Action action, RunEvent.StepCompleted done) {
        return switch (action) {
            case Action.FinishStep(String step, var output) ->
                    step.equals(done.step()) && done.output().filter(output::equals).isPresent();
            case Action.FailStep(String step, var error) ->
                    step.equals(done.step())
                            && done.error()
                                    .filter(recorded -> recorded.code().equals(error.code()))
                                    .isPresent();
            case Action.StartStep(String step) -> step.equals(done.step());
            default -> false;
        };
    }

    static String type(RunEvent event) {
        return snake(event.getClass().getSimpleName());
    }

    static String words(RunEvent event) {
        String what =
                switch (event) {
                    case RunEvent.ToolProposed proposed ->
                            proposed.tool() + " as " + proposed.effectId();
                    case RunEvent.EffectEvent effect -> effect.effectId().value();
                    case RunEvent.StepEvent step -> "step " + step.step();
                    case RunEvent.RunWaiting(var waitingOn, var _) -> lower(waitingOn.kind());
                    case RunEvent.RunHeld(var hold, var _) -> lower(hold.reason());
                    case RunEvent.RunFailed(var error) -> error.code();
                    default -> "";
                };
        return (type(event).replace('_', ' ') + " " + what).strip();
    }

    static String words(Action action) {
        String what =
                switch (action) {
                    case Action.Propose propose ->
                            propose.call().tool() + " as " + propose.effectId();
                    case Action.Effect effect -> effect.effectId().value();
                    case Action.StepMove move -> "step " + move.step();
                    case Action.MissCall missed -> missed.call().effectId().value();
                    case Action.Delegate(var call, var _) -> call.tool() + " as " + call.effectId();
                    case Action.Refuse(var call, var error) ->
                            call.effectId() + ": " + error.code();
                    case Action.Park(var waitingOn) -> lower(waitingOn.kind());
                    case Action.HoldRun(var hold) -> lower(hold.reason());
                    case Action.Fail(var error) -> error.code() + ": " + error.message();
                    case Action.Verify _, Action.Conclude _, Action.Complete _ -> "";
                };
        return (snake(action.getClass().getSimpleName()).replace('_', ' ') + " " + what).strip();
    }

    private static String lower(Enum<?> name) {
        return "for " + name.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String snake(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .toLowerCase(Locale.ROOT);
    }
}
