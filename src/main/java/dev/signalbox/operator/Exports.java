package dev.signalbox.operator;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Redactor;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.operator.AuditTrail.Attempt;
import dev.signalbox.store.ApprovalInbox;
import dev.signalbox.store.AuditStore;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunFilter;
import dev.signalbox.store.RunStore;
import dev.signalbox.wire.EventCodec;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Exports runs as bundles: a run with all runs below it, or one run as it was at a checkpoint.
///
/// Guarantee: values are redacted unless an auditor asks for them as they are, which is recorded;
/// audit records are there for auditors only.
@ApplicationScoped
public class Exports {

    private final RunStore runs;
    private final ApprovalInbox approvals;
    private final DefinitionStore definitions;
    private final AuditStore audit;
    private final AuditTrail trail;
    private final RunFinder finder;
    private final Redactor redactor;
    private final InstantSource clock;

    Exports(
            RunStore runs,
            ApprovalInbox approvals,
            DefinitionStore definitions,
            AuditStore audit,
            AuditTrail trail,
            RunFinder finder,
            Redactor redactor,
            InstantSource clock) {
        this.runs = runs;
        this.approvals = approvals;
        this.definitions = definitions;
        this.audit = audit;
        this.trail = trail;
        this.finder = finder;
        this.redactor = redactor;
        this.clock = clock;
    }

    /// The bundle, piece by piece; fails before the first piece if there is to be none.
    ///
    /// @param checkpoint the last entry that is wanted
    /// @param whole whether values are wanted as they are
    public Multi<String> export(Actor actor, RunId id, Optional<Long> checkpoint, boolean whole) {
        return found(actor, id, whole)
                .chain(run -> wanted(run, checkpoint))
                .onItem()
                .transformToMulti(wanted -> pieces(actor, id, checkpoint, whole, wanted));
    }

    private Uni<RunSummary> found(Actor actor, RunId id, boolean whole) {
        if (!whole) {
            return Uni.createFrom().deferred(() -> own(actor, id));
        }
        Attempt attempt =
                new Attempt(
                        actor,
                        "run.export",
                        Optional.empty(),
                        Optional.of("run " + id),
                        "export with values as they are",
                        JsonObject.EMPTY);
        return trail.attempt(attempt, _ -> own(actor, id))
                .call(run -> trail.attempt(attempt.on(id), export -> allowed(actor, export)));
    }

    private Uni<RunSummary> own(Actor actor, RunId id) {
        Access.toRead(actor);
        return finder.run(actor, id);
    }

    private Uni<Void> allowed(Actor actor, Attempt export) {
        if (!Access.mayAudit(actor)) {
            throw ProblemException.of(
                    ProblemCode.FORBIDDEN,
                    "Values as they are are for auditors; without 'payloads' the bundle has them"
                            + " redacted.");
        }
        return audit.record(trail.accepted(export));
    }

    private Uni<List<RunSummary>> wanted(RunSummary run, Optional<Long> checkpoint) {
        if (checkpoint.isEmpty()) {
            return tree(run, PageRequest.first(PageRequest.MAX_LIMIT), new ArrayList<>())
                    .map(tree -> below(run, tree));
        }
        long until = checkpoint.get();
        if (until < 1 || until > run.headSeq()) {
            throw Problem.at(
                            ProblemCode.INVALID_REQUEST,
                            "checkpoint",
                            "the journal has no entry " + until,
                            "a number from 1 to " + run.headSeq())
                    .asException();
        }
        return finder.journal(run.identity().id(), until)
                .map(
                        entries ->
                                List.of(
                                        RunSummary.of(
                                                RunFold.fold(
                                                        entries.stream()
                                                                .map(EventCodec::placed)
                                                                .toList()),
                                                entries.getLast())));
    }

    private Uni<List<RunSummary>> tree(RunSummary run, PageRequest page, List<RunSummary> soFar) {
        RunFilter ofRoot =
                new RunFilter(
                        run.identity().tenant(),
                        Set.of(),
                        Optional.empty(),
                        Map.of(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(run.identity().lineage().root()));
        return runs.list(ofRoot, page)
                .chain(
                        found -> {
                            soFar.addAll(found.items());
                            return found.next().isEmpty()
                                    ? Uni.createFrom().item(soFar)
                                    : tree(
                                            run,
                                            new PageRequest(page.limit(), found.next()),
                                            soFar);
                        });
    }

    /// The run and what is below it; of a tree that grows meanwhile, what was there.
    private static List<RunSummary> below(RunSummary run, List<RunSummary> tree) {
        List<RunSummary> chosen = new ArrayList<>(List.of(run));
        Set<RunId> ids = new HashSet<>(Set.of(run.identity().id()));
        for (int i = 0; i < chosen.size(); i++) {
            RunId parent = chosen.get(i).identity().id();
            for (RunSummary other : tree) {
                if (other.identity().lineage().parent().filter(parent::equals).isPresent()
                        && ids.add(other.identity().id())) {
                    chosen.add(other);
                }
            }
        }
        return chosen;
    }

    private Multi<String> pieces(
            Actor actor,
            RunId id,
            Optional<Long> checkpoint,
            boolean whole,
            List<RunSummary> wanted) {
        Map<String, Json> head = new LinkedHashMap<>();
        head.put("exportedAt", Json.text(clock.instant().toString()));
        head.put("exportedBy", Json.text(actor.name()));
        head.put("runId", Json.text(id.toString()));
        checkpoint.ifPresent(seq -> head.put("checkpoint", Json.number(seq)));
        head.put("values", Json.text(whole ? "whole" : "redacted"));
        head.put("auditIncluded", Json.of(Access.mayAudit(actor)));
        return new ExportedBundle(runs, approvals, definitions, audit, redactor, wanted, whole)
                .pieces(new JsonObject(head), actor);
    }
}
