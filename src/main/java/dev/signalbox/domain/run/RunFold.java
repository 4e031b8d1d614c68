package dev.signalbox.domain.run;

import dev.signalbox.domain.run.Progress.Checkpoint;
import dev.signalbox.domain.run.RunEvent.EffectEvent;
import dev.signalbox.domain.run.RunEvent.StepEvent;
import dev.signalbox.domain.run.RunState.Held;
import dev.signalbox.domain.run.RunState.Open;
import dev.signalbox.domain.run.RunState.Queued;
import dev.signalbox.domain.run.RunState.Running;
import dev.signalbox.domain.run.RunState.Settled;
import dev.signalbox.domain.run.RunState.Waiting;
import java.time.Instant;
import java.util.Optional;

/// Folds a journal's events to the state of its run.
///
/// Guarantee: pure, and total over legal histories. Consequence: execution, recovery, replay and
/// every view of a run agree, because they are all this fold.
public final class RunFold {

    private RunFold() {}

    /// An event in its place.
    ///
    /// @param seq counted from 1
    public record Placed(long seq, Instant at, RunEvent event) {}

    /// The state of a run whose whole journal is `history`.
    ///
    /// @throws IllegalHistoryException if no legal run has that history
    public static RunState fold(Iterable<Placed> history) {
        RunState state = null;
        for (Placed placed : history) {
            state = state == null ? begin(placed) : evolve(state, placed);
        }
        if (state == null) {
            throw new IllegalHistoryException("a journal begins with run_submitted; this is empty");
        }
        return state;
    }

    /// The state that a journal's first event makes.
    public static Queued begin(Placed placed) {
        if (placed.event() instanceof RunEvent.RunSubmitted(RunIdentity identity, Optional<Budget> budget)) {
            return new Queued(Progress.submitted(identity, budget));
        }
        throw illegal("nothing", placed.event());
    }

    /// The state after one more event.
    ///
    /// @throws IllegalHistoryException if the state does not allow the event
    public static RunState evolve(RunState state, Placed placed) {
        RunEvent event = placed.event();
        return switch (state) {
            case Settled settled -> throw illegal(settled.status(), event);
            case Open open ->
                    switch (event) {
                        case RunEvent.RunCancelled(String by, String reason) ->
                                open.cancel(by, reason);
                        case RunEvent.RunFailed(RunError error) -> open.fail(error);
                        case RunEvent.SignalReceived signal ->
                                open.with(signalled(open.progress(), signal));
                        case RunEvent.CheckpointSaved(String label) ->
                                open.with(open.progress().checkpoint(label, placed.seq()));
                        case RunEvent.BudgetRaised raised ->
                                open.with(open.progress().raised(raised));
                        case RunEvent.RunSubmitted _ -> throw illegal(open.status(), event);
                        default -> move(open, placed);
                    };
        };
    }

    private static RunState move(Open open, Placed placed) {
        Instant at = placed.at();
        return switch (open) {
            case Queued queued ->
                    switch (placed.event()) {
                        case RunEvent.RunStarted(var _, Optional<Long> runs) ->
                                queued.start(at, runs);
                        case RunEvent.RunHeld(Hold hold, var _) -> queued.hold(hold, at);
                        default -> throw illegal(queued.status(), placed.event());
                    };
            case Waiting waiting ->
                    switch (placed.event()) {
                        case RunEvent.RunResumed _ -> waiting.resume(at);
                        case RunEvent.RunHeld(Hold hold, var _) -> waiting.hold(hold, at);
                        default -> throw illegal(waiting.status(), placed.event());
                    };
            case Held held ->
                    switch (placed.event()) {
                        case RunEvent.RunReleased _ -> held.release(at);
                        case RunEvent.EffectReconciled reconciled ->
                                held.with(EffectFold.apply(held.progress(), reconciled, at));
                        default -> throw illegal(held.status(), placed.event());
                    };
            case Running running -> run(running, placed);
        };
    }

    private static RunState run(Running running, Placed placed) {
        return switch (placed.event()) {
            case EffectEvent effect -> running.with(EffectFold.apply(running.progress(), effect, placed.at()));
            case StepEvent step -> running.with(StepFold.apply(running.progress(), step, placed.at()));
            case RunEvent.VerificationCompleted verification ->
                    running.with(verified(running.progress(), verification));
            case RunEvent.TimerSet(String timer, Instant at) ->
                    StepNames.timed(timer)
                            .map(step -> running.progress().steps().timer(step, at))
                            .map(steps -> running.with(running.progress().onSteps(steps)))
                            .orElse(running);
            case RunEvent.TimerFired _ -> running;
            case RunEvent.RunWaiting(WaitingOn waitingOn, var _) -> running.park(waitingOn);
            case RunEvent.RunHeld(Hold hold, var _) -> running.hold(hold, placed.at());
            case RunEvent.RunCompleted(var output) -> running.complete(output);
            case RunEvent.RunStarted _,
                    RunEvent.RunResumed _,
                    RunEvent.RunReleased _,
                    RunEvent.RunSubmitted _,
                    RunEvent.SignalReceived _,
                    RunEvent.BudgetRaised _,
                    RunEvent.CheckpointSaved _,
                    RunEvent.RunFailed _,
                    RunEvent.RunCancelled _ ->
                    throw illegal(running.status(), placed.event());
        };
    }

    private static Progress verified(
            Progress progress, RunEvent.VerificationCompleted verification) {
        if (verification.output().isPresent()) {
            return progress.verified(verification.output().get());
        }
        return verification
                .findings()
                .map(progress::revised)
                .orElseThrow(
                        () -> new IllegalHistoryException("a verification has output or findings"));
    }

    private static Progress signalled(Progress progress, RunEvent.SignalReceived signal) {
        return switch (signal.type()) {
            case CANCEL -> progress;
            case PAUSE -> progress.pausedBy(Optional.of(signal.by()));
            case RESUME -> progress.pausedBy(Optional.empty());
            case STEER -> signal.message().map(progress::steered).orElse(progress);
            case SIGNAL ->
                    progress.onSteps(
                            progress.steps()
                                    .received(
                                            signal.name().orElse(""),
                                            signal.message()
                                                    .orElseThrow(
                                                            () ->
                                                                    new IllegalHistoryException(
                                                                            "a named signal brings"
                                                                                + " something"))));
        };
    }

    /// Where the newest checkpoint of a state is.
    public static Optional<Checkpoint> lastCheckpoint(RunState state) {
        return state.progress().lastCheckpoint();
    }

    static IllegalHistoryException illegal(Object state, RunEvent event) {
        return new IllegalHistoryException(
                event.getClass().getSimpleName() + " is not legal in state " + state);
    }
}
