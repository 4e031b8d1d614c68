package dev.signalbox.operator;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.retention.LegalHold;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.operator.AuditTrail.Attempt;
import dev.signalbox.store.LegalHolds;
import dev.signalbox.store.PageRequest;
import dev.signalbox.web.Paging.Items;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// Legal holds: keep a run's whole tree, whatever is said about how long it is kept.
///
/// To hold destroys nothing, and may be urgent: operators may as well as auditors. To release lets
/// evidence go: only auditors may.
@ApplicationScoped
public class LegalHoldCommands {

    private final RunFinder finder;
    private final LegalHolds holds;
    private final AuditTrail trail;
    private final InstantSource clock;

    LegalHoldCommands(
            RunFinder finder, LegalHolds holds, AuditTrail trail, InstantSource clock) {
        this.finder = finder;
        this.holds = holds;
        this.trail = trail;
        this.clock = clock;
    }

    /// Who holds a tree, since when and why.
    ///
    /// @param rootRunId of the tree that is held
    public record HoldView(RunId rootRunId, String by, String reason, Instant since) {

        static HoldView of(LegalHold hold) {
            return new HoldView(hold.root(), hold.by(), hold.reason(), hold.since());
        }
    }

    /// Fails with the refusal, which has been recorded by then.
    public Uni<HoldView> place(Actor actor, String id, Optional<String> reason) {
        return command(actor, id, "run.legal_hold", reason, this::place);
    }

    /// Answers the hold that is no more.
    public Uni<HoldView> lift(Actor actor, String id, Optional<String> reason) {
        return command(actor, id, "run.legal_release", reason, this::lift);
    }

    /// The tenant's holds, the newest tree first.
    public Uni<Items<HoldView>> list(Actor actor, PageRequest page) {
        Access.toRead(actor);
        return holds.list(actor.tenant(), page)
                .map(found -> Items.of(found, found.items().stream().map(HoldView::of).toList()));
    }

    private interface Command {
        Uni<LegalHold> carryOut(Attempt attempt, RunId root, String reason);
    }

    private Uni<HoldView> command(
            Actor actor, String id, String action, Optional<String> reason, Command command) {
        Attempt attempt =
                new Attempt(
                        actor,
                        action,
                        Optional.empty(),
                        Optional.of("run " + Reasons.shortened(id)),
                        reason.map(Reasons::shortened).orElse(""),
                        JsonObject.EMPTY);
        return trail.attempt(attempt, _ -> found(actor, id))
                .chain(
                        run ->
                                trail.attempt(
                                        known(attempt, run),
                                        known ->
                                                command.carryOut(
                                                        known,
                                                        run.identity().lineage().root(),
                                                        Reasons.checked(reason))))
                .map(HoldView::of);
    }

    private Uni<RunSummary> found(Actor actor, String id) {
        Access.toRead(actor);
        return finder.run(actor, RunFinder.runId(id));
    }

    private static Attempt known(Attempt attempt, RunSummary run) {
        String root = run.identity().lineage().root().toString();
        return new Attempt(
                attempt.actor(),
                attempt.action(),
                Optional.of(run.identity().id()),
                attempt.target(),
                attempt.reason(),
                new JsonObject(Map.of("rootRunId", Json.text(root))));
    }

    private Uni<LegalHold> place(Attempt attempt, RunId root, String reason) {
        Access.toPlaceHold(attempt.actor());
        LegalHold hold =
                new LegalHold(
                        root,
                        attempt.actor().tenant(),
                        attempt.actor().name(),
                        reason,
                        clock.instant());
        return holds.place(hold, trail.accepted(attempt)).replaceWith(hold);
    }

    private Uni<LegalHold> lift(Attempt attempt, RunId root, String reason) {
        Access.toLiftHold(attempt.actor());
        return holds.lift(root, attempt.actor().tenant(), trail.accepted(attempt));
    }
}
