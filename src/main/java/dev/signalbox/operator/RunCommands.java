package dev.signalbox.operator;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.operator.AuditTrail.Attempt;
import dev.signalbox.store.RunInbox;
import dev.signalbox.wire.EventCodec;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Commands of operators to runs: checked, recorded, and put in the run's inbox.
///
/// Guarantee: an accepted command, its audit record and the run's wake-up are one commit. The
/// operator plane writes to no journal: the worker that holds the run turns the command into
/// events.
@ApplicationScoped
public class RunCommands {

    private final RunFinder finder;
    private final RunInbox inbox;
    private final AuditTrail trail;
    private final IdSource ids;
    private final InstantSource clock;

    RunCommands(
            RunFinder finder, RunInbox inbox, AuditTrail trail, IdSource ids, InstantSource clock) {
        this.finder = finder;
        this.inbox = inbox;
        this.trail = trail;
        this.ids = ids;
        this.clock = clock;
    }

    /// Asks a run for something.
    ///
    /// Fails with the refusal, which has been recorded by then.
    ///
    /// @param id as the path says it
    public Uni<RunCommand> command(Actor actor, String id, Ask ask, Optional<String> reason) {
        Attempt attempt =
                new Attempt(
                        actor,
                        "run." + name(ask),
                        Optional.empty(),
                        Optional.of("run " + Reasons.shortened(id)),
                        reason.map(Reasons::shortened).orElse(""),
                        detail(ask));
        return trail.attempt(attempt, _ -> found(actor, id))
                .chain(
                        run ->
                                trail.attempt(
                                        attempt.on(run.identity().id()),
                                        known -> post(known, run, ask, reason)));
    }

    /// Lets a run that is held for its budget use more, and with it all runs above it. The command
    /// goes to the root, whose own bounds have to grow first.
    ///
    /// Fails with the refusal, which has been recorded by then.
    ///
    /// @param id as the path says it
    public Uni<RunCommand> raise(
            Actor actor, String id, BudgetTotals totals, Optional<String> reason) {
        Attempt attempt =
                new Attempt(
                        actor,
                        "run.budget",
                        Optional.empty(),
                        Optional.of("run " + Reasons.shortened(id)),
                        reason.map(Reasons::shortened).orElse(""),
                        totals.json());
        return trail.attempt(attempt, _ -> found(actor, id))
                .chain(
                        run ->
                                trail.attempt(
                                        attempt.on(run.identity().id()),
                                        known -> raise(known, run, totals, reason)));
    }

    private Uni<RunCommand> raise(
            Attempt attempt, RunSummary run, BudgetTotals totals, Optional<String> reason) {
        Access.toCommand(attempt.actor());
        String why = Reasons.checked(reason);
        Budget more = totals.moreFor(run);
        Instant heldSince = run.waitingOn().orElseThrow().since();
        return path(attempt.actor(), run, List.of(run.identity().id()))
                .map(
                        path ->
                                new RunCommand(
                                        new CommandId(ids.next()),
                                        path.getFirst(),
                                        attempt.actor(),
                                        why,
                                        new Ask.RaiseBudget(
                                                run.identity().id(),
                                                path.subList(1, path.size()),
                                                more,
                                                heldSince),
                                        clock.instant()))
                .call(command -> inbox.post(command, trail.accepted(attempt)));
    }

    /// The runs from the root down to `run`.
    ///
    /// @param below those that are known already, from `run` on
    private Uni<List<RunId>> path(Actor actor, RunSummary run, List<RunId> below) {
        return run.identity()
                .lineage()
                .parent()
                .map(
                        id ->
                                finder.run(actor, id)
                                        .chain(
                                                parent ->
                                                        path(
                                                                actor,
                                                                parent,
                                                                Stream.concat(
                                                                                Stream.of(id),
                                                                                below.stream())
                                                                        .toList())))
                .orElseGet(() -> Uni.createFrom().item(below));
    }

    private Uni<RunSummary> found(Actor actor, String id) {
        Access.toRead(actor);
        return finder.run(actor, RunFinder.runId(id));
    }

    private Uni<RunCommand> post(
            Attempt attempt, RunSummary run, Ask ask, Optional<String> reason) {
        Access.toCommand(attempt.actor());
        String why = Reasons.checked(reason);
        RunCommand command =
                new RunCommand(
                        new CommandId(ids.next()),
                        run.identity().id(),
                        attempt.actor(),
                        why,
                        ask,
                        clock.instant());
        return open(run)
                .invoke(open -> CommandRules.check(run, open, ask))
                .chain(() -> inbox.post(command, trail.accepted(attempt)))
                .replaceWith(command);
    }

    private Uni<OpenCalls> open(RunSummary run) {
        return run.status().terminal()
                ? Uni.createFrom().item(OpenCalls.NONE)
                : finder.journal(run.identity().id(), run.headSeq())
                        .map(entries -> entries.stream().map(EventCodec::placed).toList())
                        .map(history -> OpenCalls.of(RunFold.fold(history).progress()));
    }

    private static String name(Ask ask) {
        return switch (ask) {
            case Ask.Cancel() -> "cancel";
            case Ask.Pause() -> "pause";
            case Ask.Resume() -> "resume";
            case Ask.Steer _ -> "steer";
            case Ask.Signal _ -> "signal";
            case Ask.ChildSettled _ -> "child_settled";
            case Ask.RaiseBudget _ -> "budget";
            case Ask.HoldRun() -> "hold";
            case Ask.Release() -> "release";
            case Ask.Reconcile _ -> "reconcile";
        };
    }

    private static JsonObject detail(Ask ask) {
        return ask instanceof Ask.Reconcile(EffectId effect, boolean happened, var _)
                ? new JsonObject(
                        Map.of(
                                "effectId",
                                Json.text(effect.value()),
                                "happened",
                                new JsonBool(happened)))
                : JsonObject.EMPTY;
    }
}
