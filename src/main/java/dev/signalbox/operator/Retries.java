package dev.signalbox.operator;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.run.Lineage.BranchPoint;
import dev.signalbox.domain.retention.Tombstone;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.tool.SideEffect;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.operator.AuditTrail.Attempt;
import dev.signalbox.store.AuditStore;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.NewRun.IdempotencyKey;
import dev.signalbox.store.RunStore;
import dev.signalbox.store.Submission;
import io.smallrye.mutiny.Multi;
import dev.signalbox.web.PrunedRuns;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Tries runs again that have failed or were cancelled.
///
/// A journal that has ended stays ended: a retry is a new run of the same pinned definition and the
/// same input, branched from the first entry of the old one. Its calls have ids of their own, so what
/// the old run has changed outside would be changed twice. Guarantee: a run that has done anything
/// outside, or may have, is not tried again, and one that is has one retry, however often it is asked
/// for. Consequence: a retry is never worse than a submission.
@ApplicationScoped
public class Retries {

    private final RunFinder finder;
    private final RunStore runs;
    private final PinnedTools tools;
    private final AuditStore audit;
    private final AuditTrail trail;
    private final IdSource ids;
    private final InstantSource clock;

    Retries(
            RunFinder finder,
            RunStore runs,
            PinnedTools tools,
            AuditStore audit,
            AuditTrail trail,
            IdSource ids,
            InstantSource clock) {
        this.finder = finder;
        this.runs = runs;
        this.tools = tools;
        this.audit = audit;
        this.trail = trail;
        this.ids = ids;
        this.clock = clock;
    }

    /// Answers the new run. Fails with the refusal, which has been recorded by then.
    ///
    /// @param id as the path says it
    public Uni<RunSummary> retry(Actor actor, String id, Optional<String> reason) {
        Attempt attempt =
                new Attempt(
                        actor,
                        "run.retry",
                        Optional.empty(),
                        Optional.of("run " + Reasons.shortened(id)),
                        reason.map(Reasons::shortened).orElse(""),
                        JsonObject.EMPTY);
        return trail.attempt(attempt, _ -> found(actor, id))
                .chain(
                        run ->
                                trail.attempt(
                                        attempt.on(run.identity().id()),
                                        known -> retry(known, run, reason)));
    }

    private Uni<RunSummary> found(Actor actor, String id) {
        Access.toRead(actor);
        return finder.run(actor, RunFinder.runId(id));
    }

    private Uni<RunSummary> retry(Attempt attempt, RunSummary run, Optional<String> reason) {
        Access.toCommand(attempt.actor());
        Reasons.checked(reason);
        if (run.status() != RunStatus.FAILED && run.status() != RunStatus.CANCELLED) {
            throw illegal("Only a run that has failed or was cancelled is tried again.");
        }
        if (run.identity().lineage().parent().isPresent()) {
            throw illegal("The run works for another one, which has heard how it ended. Retry that.");
        }
        return changes(run)
                .invoke(Retries::checkNone)
                .chain(() -> input(run))
                .chain(input -> again(attempt, run, input));
    }

    /// What the run has changed outside, or may have.
    private Uni<List<EffectId>> changes(RunSummary run) {
        return finder.journal(run.identity().id(), run.headSeq())
                .map(SentCalls::of)
                .chain(sent -> harmful(run, sent));
    }

    private Uni<List<EffectId>> harmful(RunSummary run, SentCalls sent) {
        return Multi.createFrom()
                .iterable(sent.byTool().keySet())
                .onItem()
                .transformToUniAndConcatenate(
                        tool ->
                                tools.find(run.identity().definition().digest(), tool)
                                        .map(found -> harmless(found) ? "" : tool))
                .collect()
                .asList()
                .map(sent::of);
    }

    private static boolean harmless(Optional<ToolDefinition> tool) {
        return tool.map(ToolDefinition::sideEffect)
                .filter(effect -> effect == SideEffect.NONE || effect == SideEffect.READ)
                .isPresent();
    }

    private static void checkNone(List<EffectId> changes) {
        if (!changes.isEmpty()) {
            throw illegal(
                    "It has changed something outside, or may have: "
                            + changes.stream()
                                    .map(EffectId::value)
                                    .limit(5)
                                    .collect(Collectors.joining(", "))
                            + (changes.size() > 5 ? ", …" : "")
                            + ". From the beginning that would happen again: branch the run from a"
                            + " checkpoint instead.");
        }
    }

    private Uni<Json> input(RunSummary run) {
        return runs.payloads(run.identity().id(), Set.of(run.identity().input()))
                .map(
                        found ->
                                Optional.ofNullable(found.get(run.identity().input()))
                                        .orElseThrow(
                                                () -> illegal("The run's input has been erased.")));
    }

    /// The record comes first: rather one of a run that was never made than a run without a record.
    private Uni<RunSummary> again(Attempt attempt, RunSummary run, Json input) {
        RunIdentity old = run.identity();
        String key = "retry:" + old.id();
        NewRun fresh =
                NewRun.of(
                        identity(old),
                        input,
                        Optional.of(
                                new IdempotencyKey(
                                        old.tenant(), key, Json.text(key).digest())));
        return audit.record(trail.accepted(attempt))
                .chain(() -> runs.create(fresh))
                .map(
                        submission ->
                                switch (submission) {
                                    case Submission.Created(RunSummary created) -> created;
                                    case Submission.Existing(RunSummary existing) -> existing;
                                    case Submission.Pruned(Tombstone gone) ->
                                            throw PrunedRuns.pruned(gone);
                                    case Submission.Conflict() ->
                                            throw new IllegalStateException("one key, one request");
                                });
    }

    private RunIdentity identity(RunIdentity old) {
        RunId id = new RunId(ids.next());
        Instant now = clock.instant();
        return new RunIdentity(
                id,
                old.definition(),
                old.tenant(),
                old.requestedBy(),
                Map.copyOf(old.labels()),
                old.priority(),
                old.input(),
                old.deadline().map(end -> now.plus(Duration.between(old.createdAt(), end))),
                new Lineage(
                        id,
                        Optional.empty(),
                        Optional.of(new BranchPoint(old.id(), 1)),
                        Optional.empty()),
                ids.next().toString().replace("-", ""),
                Optional.empty(),
                now);
    }

    private static ProblemException illegal(String detail) {
        return ProblemException.of(ProblemCode.ILLEGAL_MOVE, detail);
    }
}
