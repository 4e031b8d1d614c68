package dev.signalbox.operator;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.branch.BranchPlan;
import dev.signalbox.domain.branch.BranchPlan.Repeat;
import dev.signalbox.domain.branch.Branching;
import dev.signalbox.domain.branch.EffectChoice;
import dev.signalbox.domain.branch.RecordedEffect;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.IllegalHistoryException;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.run.Lineage.BranchPoint;
import dev.signalbox.domain.run.Progress.Checkpoint;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.verify.SchemaCheck;
import dev.signalbox.operator.AuditTrail.Attempt;
import dev.signalbox.operator.view.BranchPlanView;
import dev.signalbox.store.AuditStore;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.RunStore;
import dev.signalbox.store.Submission;
import dev.signalbox.web.EventView;
import dev.signalbox.wire.EventCodec;
import dev.signalbox.wire.RecordCodec;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs that go on from another one's checkpoint.
///
/// Guarantee: the origin stays as it is. A branch is a run of its own that begins with nothing but its
/// submission; the worker that takes it copies what it takes over. Nothing that the origin did is done
/// once more unless it was chosen, and where that could do harm, acknowledged by its id.
@ApplicationScoped
public class Branches {

    private final RunFinder finder;
    private final RunStore runs;
    private final DefinitionStore definitions;
    private final PinnedTools tools;
    private final SchemaCheck schemas;
    private final AuditTrail trail;
    private final AuditStore audit;
    private final IdSource ids;
    private final InstantSource clock;

    Branches(
            RunFinder finder,
            RunStore runs,
            DefinitionStore definitions,
            PinnedTools tools,
            SchemaCheck schemas,
            AuditTrail trail,
            AuditStore audit,
            IdSource ids,
            InstantSource clock) {
        this.finder = finder;
        this.runs = runs;
        this.definitions = definitions;
        this.tools = tools;
        this.schemas = schemas;
        this.trail = trail;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    /// An origin, and what a branch of it at one checkpoint would be.
    private record Draft(
            RunSummary origin,
            Checkpoint checkpoint,
            List<Checkpoint> checkpoints,
            StoredDefinition definition,
            List<RunEvent> inherited,
            List<RecordedEffect> effects,
            Map<Digest, Json> values) {

        List<EffectId> hazards(Map<EffectId, EffectChoice> choices) {
            return effects.stream()
                    .filter(
                            effect ->
                                    effect.hazardous(
                                            choices.getOrDefault(
                                                    effect.effectId(),
                                                    effect.choices().getFirst())))
                    .map(RecordedEffect::effectId)
                    .toList();
        }
    }

    /// What a branch would take over and do. Changes nothing.
    public Uni<BranchPlanView> plan(Actor actor, String id, BranchRequest request) {
        Access.toRead(actor);
        return finder.run(actor, RunFinder.runId(id))
                .chain(origin -> draft(origin, request))
                .map(draft -> view(actor, draft, request.choices(draft.effects())));
    }

    private BranchPlanView view(Actor actor, Draft draft, Map<EffectId, EffectChoice> choices) {
        return new BranchPlanView(
                draft.origin().identity().id(),
                draft.checkpoint(),
                draft.checkpoints(),
                draft.definition().ref().name(),
                draft.definition().ref().version(),
                draft.inherited().size(),
                BranchPlanView.effects(
                        draft.effects(), choices, finder.values(actor, draft.values())),
                draft.hazards(choices));
    }

    /// Makes the branch. Fails with the refusal, which has been recorded by then.
    public Uni<RunSummary> branch(Actor actor, String id, BranchRequest request) {
        Attempt attempt =
                new Attempt(
                        actor,
                        "run.branch",
                        Optional.empty(),
                        Optional.of("run " + Reasons.shortened(id)),
                        request.reason().map(Reasons::shortened).orElse(""),
                        JsonObject.EMPTY);
        return trail.attempt(attempt, _ -> found(actor, id))
                .chain(
                        origin ->
                                trail.attempt(
                                        attempt.on(origin.identity().id()),
                                        known -> branch(known, origin, request)));
    }

    private Uni<RunSummary> found(Actor actor, String id) {
        Access.toRead(actor);
        return finder.run(actor, RunFinder.runId(id));
    }

    private Uni<RunSummary> branch(Attempt attempt, RunSummary origin, BranchRequest request) {
        Access.toCommand(attempt.actor());
        String reason = Reasons.checked(request.reason());
        return draft(origin, request)
                .chain(
                        draft -> {
                            List<Repeat> repeats = request.repeats(draft.effects(), draft.values());
                            acknowledged(draft, request);
                            NewRun branch =
                                    branch(
                                            attempt.actor(),
                                            draft,
                                            input(draft, request),
                                            new BranchPlan(
                                                    attempt.actor().name(), reason, repeats));
                            return create(attempt, draft, branch);
                        });
    }

    private static void acknowledged(Draft draft, BranchRequest request) {
        List<EffectId> missing =
                draft.hazards(request.choices(draft.effects())).stream()
                        .filter(effect -> !request.acknowledged().contains(effect.value()))
                        .toList();
        if (!missing.isEmpty()) {
            throw Problem.at(
                            ProblemCode.HAZARD_NOT_ACKNOWLEDGED,
                            "acknowledge",
                            "These effects may happen once more: "
                                    + String.join(
                                            ", ", missing.stream().map(EffectId::value).toList()),
                            "the ids of the effects that may")
                    .asException();
        }
    }

    /// The record comes first: rather one of a branch that was never made than none of one that was.
    private Uni<RunSummary> create(Attempt attempt, Draft draft, NewRun branch) {
        Attempt detailed =
                new Attempt(
                        attempt.actor(),
                        attempt.action(),
                        attempt.runId(),
                        Optional.of("branch " + branch.summary().identity().id()),
                        attempt.reason(),
                        new JsonObject(
                                Map.of(
                                        "checkpoint", Json.number(draft.checkpoint().seq()),
                                        "branchId",
                                                Json.text(
                                                        branch.summary()
                                                                .identity()
                                                                .id()
                                                                .toString()))));
        return audit.record(trail.accepted(detailed))
                .chain(() -> runs.create(branch))
                .map(
                        made ->
                                switch (made) {
                                    case Submission.Created(RunSummary run) -> run;
                                    case Submission.Existing(RunSummary run) -> run;
                                    case Submission.Conflict(), Submission.Pruned _ ->
                                            throw new IllegalStateException("a key without a key");
                                });
    }

    private NewRun branch(Actor actor, Draft draft, Json input, BranchPlan plan) {
        RunIdentity origin = draft.origin().identity();
        JsonObject kept = RecordCodec.encode(plan);
        RunId id = new RunId(ids.next());
        RunIdentity identity =
                new RunIdentity(
                        id,
                        draft.definition().ref(),
                        origin.tenant(),
                        actor.name(),
                        origin.labels(),
                        origin.priority(),
                        input.digest(),
                        Optional.empty(),
                        Lineage.branch(
                                id,
                                new BranchPoint(
                                        origin.id(),
                                        draft.checkpoint().seq(),
                                        Optional.of(kept.digest()))),
                        ids.next().toString().replace("-", ""),
                        Optional.empty(),
                        clock.instant());
        NewRun branch = NewRun.of(identity, input, Optional.empty());
        Map<Digest, Json> payloads = new HashMap<>(branch.payloads());
        payloads.put(kept.digest(), kept);
        return new NewRun(branch.summary(), branch.submitted(), payloads, branch.key());
    }

    private Json input(Draft draft, BranchRequest request) {
        Json input =
                request.input()
                        .<Json>map(given -> given)
                        .or(
                                () ->
                                        Optional.ofNullable(
                                                draft.values()
                                                        .get(draft.origin().identity().input())))
                        .orElseThrow(
                                () ->
                                        BranchRequest.invalid(
                                                "input",
                                                "the origin's input was erased",
                                                "an input"));
        List<String> findings =
                draft.definition()
                        .inputSchema()
                        .map(schema -> schemas.findings(schema, input))
                        .orElse(List.of());
        if (!findings.isEmpty()) {
            throw Problem.at(
                            ProblemCode.INVALID_INPUT,
                            "input",
                            "the input does not match the schema of "
                                    + draft.definition().ref().name()
                                    + ": "
                                    + findings.getFirst(),
                            findings.getFirst())
                    .asException();
        }
        return input;
    }

    private Uni<Draft> draft(RunSummary origin, BranchRequest request) {
        long position = request.position();
        RunId id = origin.identity().id();
        return Uni.combine()
                .all()
                .unis(
                        finder.journal(id, origin.headSeq()),
                        definition(origin, request),
                        tools.pinned(origin.identity().definition().digest()))
                .asTuple()
                .chain(
                        read ->
                                runs.payloads(id, EventView.digests(read.getItem1()))
                                        .map(
                                                values ->
                                                        draft(
                                                                origin,
                                                                position,
                                                                read.getItem1().stream()
                                                                        .map(EventCodec::placed)
                                                                        .toList(),
                                                                read.getItem2(),
                                                                read.getItem3(),
                                                                values)));
    }

    private static Draft draft(
            RunSummary origin,
            long position,
            List<Placed> journal,
            StoredDefinition definition,
            Optional<PinnedDefinition> pinned,
            Map<Digest, Json> values) {
        List<Checkpoint> checkpoints = Branching.checkpoints(journal);
        Checkpoint checkpoint =
                checkpoints.stream()
                        .filter(one -> one.seq() == position)
                        .findFirst()
                        .orElseThrow(() -> notThere(position, checkpoints));
        List<RunEvent> inherited = Branching.inherited(journal, position);
        if (!(state(journal, inherited) instanceof RunState.Running)) {
            throw notThere(position, checkpoints);
        }
        return new Draft(
                origin,
                checkpoint,
                checkpoints,
                definition,
                inherited,
                Branching.effects(
                        journal,
                        position,
                        tool -> pinned.flatMap(known -> known.tool(tool))),
                values);
    }

    private static RunState state(List<Placed> journal, List<RunEvent> inherited) {
        try {
            return Branching.state(journal.getFirst(), inherited);
        } catch (IllegalHistoryException impossible) {
            throw ProblemException.of(
                    ProblemCode.ILLEGAL_MOVE,
                    "Nothing can go on from there: " + impossible.getMessage());
        }
    }

    private static ProblemException notThere(long position, List<Checkpoint> checkpoints) {
        return BranchRequest.invalid(
                "checkpoint",
                position + " is not a checkpoint of the run",
                String.join(
                        ", ",
                        checkpoints.stream()
                                .map(one -> one.seq() + " (" + one.label() + ")")
                                .toList()));
    }

    /// The origin's definition, in another version if one is asked for.
    private Uni<StoredDefinition> definition(RunSummary origin, BranchRequest request) {
        String name = origin.identity().definition().name();
        Uni<Optional<StoredDefinition>> found =
                request.definitionVersion()
                        .map(version -> definitions.resolve(name, Optional.of(version)))
                        .orElseGet(
                                () -> definitions.find(origin.identity().definition().digest()));
        return found.map(
                definition ->
                        definition
                                .filter(
                                        one ->
                                                one.ref().kind()
                                                        == origin.identity().definition().kind())
                                .orElseThrow(
                                        () ->
                                                BranchRequest.invalid(
                                                        "definitionVersion",
                                                        "there is no such version of " + name,
                                                        "a version that has been applied")));
    }
}
