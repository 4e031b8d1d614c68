package dev.signalbox.runtime.stage;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunEvent.EffectReconciled;
import dev.signalbox.domain.run.RunEvent.RunCancelled;
import dev.signalbox.domain.run.RunEvent.RunHeld;
import dev.signalbox.domain.run.RunEvent.RunReleased;
import dev.signalbox.domain.run.RunEvent.SignalReceived;
import dev.signalbox.domain.run.RunEvent.SignalType;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunState.Held;
import dev.signalbox.domain.run.RunState.Running;
import dev.signalbox.domain.run.ToolCall;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Turns what people ask of a run into events. A command that the state does not allow any more is
/// answered by nothing: who gave it sees the state that came first. What a child run tells waits
/// until the run goes on.
@ApplicationScoped
public class CommandStage {

    public Draft apply(RunState state, RunCommand command) {
        if (command.ask() instanceof Ask.ChildSettled && state instanceof RunState.Open
                && !(state instanceof Running)) {
            return new Draft();
        }
        Draft draft = new Draft().answer(command.id());
        if (state instanceof RunState.Settled) {
            return draft;
        }
        return switch (command.ask()) {
            case Ask.Cancel() -> draft.append(cancel(state, command));
            case Ask.Pause() -> draft.add(signal(command, SignalType.PAUSE, Optional.empty()));
            case Ask.Resume() -> draft.add(signal(command, SignalType.RESUME, Optional.empty()));
            case Ask.Steer(String message) -> {
                Digest kept = draft.keep(Json.text(message));
                yield draft.add(signal(command, SignalType.STEER, Optional.of(kept)));
            }
            case Ask.Signal(String name, Json data) -> {
                Digest kept = draft.keep(data);
                yield draft.add(
                        new SignalReceived(
                                command.id(),
                                SignalType.SIGNAL,
                                Optional.of(kept),
                                command.by().name(),
                                Optional.of(name)));
            }
            case Ask.ChildSettled end -> draft.append(ChildStage.settled(state, end));
            case Ask.HoldRun() -> state instanceof Held ? draft : draft.add(hold(command));
            case Ask.Release() -> draft.append(release(state, command));
            case Ask.Reconcile reconcile -> draft.append(reconcile(state, command, reconcile));
        };
    }

    private static Draft cancel(RunState state, RunCommand command) {
        Draft draft =
                state instanceof Running running
                        ? RestStage.lostCalls(running.progress())
                        : new Draft();
        if (command.by().plane() == Actor.Plane.REQUEST) {
            draft.add(signal(command, SignalType.CANCEL, Optional.empty()));
        }
        return draft.add(new RunCancelled(command.by().name(), command.reason()));
    }

    private static SignalReceived signal(
            RunCommand command, SignalType type, Optional<Digest> message) {
        return new SignalReceived(command.id(), type, message, command.by().name());
    }

    private static RunHeld hold(RunCommand command) {
        return new RunHeld(
                new Hold(
                        Hold.Reason.OPERATOR,
                        "Held by "
                                + command.by().name()
                                + ": "
                                + command.reason()
                                + " Releasing the run lets it go on.",
                        Optional.empty(),
                        Optional.of(command.by().name())),
                Optional.empty());
    }

    private static Draft release(RunState state, RunCommand command) {
        boolean releasable =
                state instanceof Held held && held.progress().unknownOutcomes().isEmpty();
        return releasable
                ? Draft.of(new RunReleased(command.by().name(), command.reason()))
                : new Draft();
    }

    private static Draft reconcile(RunState state, RunCommand command, Ask.Reconcile reconcile) {
        List<ToolCall> open = state.progress().reconcilable();
        boolean asked =
                state instanceof Held
                        && open.stream()
                                .anyMatch(call -> call.effectId().equals(reconcile.effectId()));
        if (!asked) {
            return new Draft();
        }
        Draft draft = new Draft();
        Optional<Digest> result =
                reconcile.happened()
                        ? Optional.of(
                                draft.keep(reconcile.result().orElseGet(() -> reconciled(command))))
                        : Optional.empty();
        draft.add(
                new EffectReconciled(
                        reconcile.effectId(),
                        reconcile.happened(),
                        result,
                        command.by().name(),
                        command.reason()));
        return open.size() > 1
                ? draft
                : draft.add(new RunReleased(command.by().name(), command.reason()));
    }

    /// What the model is told of a call that happened and whose answer nobody knows.
    private static Json reconciled(RunCommand command) {
        return Json.of(
                Map.of(
                        "reconciled",
                        true,
                        "note",
                        "The call took place; its answer was lost. " + command.reason()));
    }
}
