package dev.signalbox.runtime.stage;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.Ledger;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunEvent.BudgetRaised;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Turns what people ask of a run into events. A command that the state does not allow any more is
/// answered by nothing: who gave it sees the state that came first. What a child run tells waits
/// until the run goes on.
@ApplicationScoped
public class CommandStage {

    private final IdSource ids;

    public CommandStage(IdSource ids) {
        this.ids = ids;
    }

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
            case Ask.RaiseBudget raise -> draft.append(raise(state, command, raise));
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

    /// More for a run, here or below. Each run on the way there passes it on once it has it itself;
    /// a hold that was raised for already, or a child that has ended, wants nothing any more.
    private Draft raise(RunState state, RunCommand command, Ask.RaiseBudget raise) {
        Ledger ledger = state.progress().ledger();
        Optional<RunId> child = raise.path().stream().findFirst();
        boolean wanted =
                child.map(ledger.reserved()::containsKey).orElse(isHeld(state, raise.heldSince()));
        if (!wanted || ledger.hasRaised(raise.target(), raise.heldSince())) {
            return new Draft();
        }
        Draft draft =
                Draft.of(
                        new BudgetRaised(
                                raise.target(),
                                child,
                                raise.more(),
                                raise.heldSince(),
                                command.by().name(),
                                command.reason()));
        child.ifPresent(next -> draft.post(passedOn(command, raise, next)));
        return child.isPresent()
                ? draft
                : draft.add(new RunReleased(command.by().name(), command.reason()));
    }

    private static boolean isHeld(RunState state, Instant since) {
        return state instanceof Held held
                && held.hold().reason() == Hold.Reason.BUDGET
                && held.since().equals(since);
    }

    private RunCommand passedOn(RunCommand command, Ask.RaiseBudget raise, RunId child) {
        return new RunCommand(
                new CommandId(ids.next()),
                child,
                command.by(),
                command.reason(),
                new Ask.RaiseBudget(
                        raise.target(),
                        raise.path().subList(1, raise.path().size()),
                        raise.more(),
                        raise.heldSince()),
                command.at());
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
