package dev.signalbox.operator;

import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.evidence.RecordedRun;
import dev.signalbox.domain.evidence.StrictReplay;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.plan.PolicyFacts;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.policy.PolicyEvaluator;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunEvent.ToolProposed;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.operator.AuditTrail.Attempt;
import dev.signalbox.operator.view.ReplayView;
import dev.signalbox.store.AuditStore;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import dev.signalbox.store.RunStore;
import dev.signalbox.web.EventView;
import dev.signalbox.wire.EventCodec;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Replays recorded runs strictly: folds and plans again, performs nothing.
@ApplicationScoped
public class Replays {

    private final RunFinder finder;
    private final RunStore runs;
    private final DefinitionStore definitions;
    private final DefinitionReader reader;
    private final PolicyEvaluator policies;
    private final AuditStore audit;
    private final AuditTrail trail;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Replays(
            RunFinder finder,
            RunStore runs,
            DefinitionStore definitions,
            DefinitionReader reader,
            PolicyEvaluator policies,
            AuditStore audit,
            AuditTrail trail) {
        this.finder = finder;
        this.runs = runs;
        this.definitions = definitions;
        this.reader = reader;
        this.policies = policies;
        this.audit = audit;
        this.trail = trail;
    }

    @PreDestroy
    void close() {
        threads.close();
    }

    /// Replays the run; asking is recorded, refused or not.
    ///
    /// @param id as the path says it
    /// @param version of the definition to replay with; if empty, the one that the run pins
    public Uni<ReplayView> replay(
            Actor actor, String id, Optional<String> version, Optional<String> reason) {
        Attempt attempt =
                new Attempt(
                        actor,
                        "run.replay",
                        Optional.empty(),
                        Optional.of("run " + Reasons.shortened(id)),
                        reason.map(Reasons::shortened).orElse(""),
                        version.map(which -> detail(Reasons.shortened(which)))
                                .orElse(JsonObject.EMPTY));
        return trail.attempt(attempt, _ -> found(actor, id))
                .chain(
                        run ->
                                trail.attempt(
                                        attempt.on(run.identity().id()),
                                        known -> replay(known, run, version)));
    }

    private static JsonObject detail(String version) {
        return new JsonObject(Map.of("definitionVersion", Json.text(version)));
    }

    private Uni<RunSummary> found(Actor actor, String id) {
        Access.toRead(actor);
        return finder.run(actor, RunFinder.runId(id));
    }

    private Uni<ReplayView> replay(Attempt attempt, RunSummary run, Optional<String> version) {
        return definition(run, version)
                .call(() -> audit.record(trail.accepted(attempt)))
                .chain(
                        definition ->
                                finder.journal(run.identity().id(), run.headSeq())
                                        .chain(journal -> replay(run, definition, journal)));
    }

    private Uni<StoredDefinition> definition(RunSummary run, Optional<String> version) {
        return version.map(which -> definitions.resolve(name(run), Optional.of(which)))
                .orElseGet(() -> definitions.find(run.identity().definition().digest()))
                .map(
                        found ->
                                found.orElseThrow(
                                        () ->
                                                ProblemException.of(
                                                        ProblemCode.UNKNOWN_DEFINITION,
                                                        "There is no such version of "
                                                                + name(run)
                                                                + " to replay with.")));
    }

    private static String name(RunSummary run) {
        return run.identity().definition().name();
    }

    private Uni<ReplayView> replay(
            RunSummary run, StoredDefinition stored, List<JournalEntry> journal) {
        return runs.payloads(run.identity().id(), EventView.digests(journal))
                .emitOn(threads)
                .map(payloads -> report(run, stored, journal, payloads));
    }

    private ReplayView report(
            RunSummary run,
            StoredDefinition stored,
            List<JournalEntry> journal,
            Map<Digest, Json> payloads) {
        PinnedDefinition definition = read(stored);
        RecordedRun recorded = EventCodec.recorded(run, journal);
        return ReplayView.of(
                run.identity().id(),
                stored.ref(),
                StrictReplay.of(
                        recorded,
                        definition,
                        proposal ->
                                verdict(run.identity(), definition, proposal, payloads)));
    }

    private PinnedDefinition read(StoredDefinition stored) {
        try {
            return reader.fromBundle(stored.bundle());
        } catch (ProblemException unreadable) {
            throw ProblemException.of(
                    ProblemCode.ILLEGAL_MOVE,
                    "This version of Signalbox cannot read the definition: "
                            + unreadable.problem().detail());
        }
    }

    private Optional<Verdict> verdict(
            RunIdentity run,
            PinnedDefinition definition,
            ToolProposed proposal,
            Map<Digest, Json> payloads) {
        Json arguments = payloads.get(proposal.arguments());
        Json input = payloads.get(run.input());
        if (arguments == null || input == null) {
            return Optional.empty();
        }
        return definition
                .tool(proposal.tool())
                .map(
                        tool ->
                                policies.evaluate(
                                                definition.policy(),
                                                tool.name(),
                                                PolicyFacts.of(run, tool, arguments, input))
                                        .verdict());
    }
}
