package dev.signalbox.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.definition.CelExpressions;
import dev.signalbox.definition.Schemas;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.agent.PriceList;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.branch.BranchPlan;
import dev.signalbox.domain.evidence.StrictReplay;
import dev.signalbox.domain.id.AuditId;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.policy.PolicyEvaluator;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.run.Lineage.BranchPoint;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.observe.RunMetrics;
import dev.signalbox.runtime.PinnedDefinitions.Pinned;
import dev.signalbox.runtime.model.ChatMessage.ModelToolCall;
import dev.signalbox.runtime.model.ModelPort;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.model.ModelRequest;
import dev.signalbox.runtime.model.Prices;
import dev.signalbox.runtime.model.Turnstiles;
import dev.signalbox.queue.ModelDeltas;
import dev.signalbox.store.Broadcasts;
import dev.signalbox.runtime.stage.ApprovalStage;
import dev.signalbox.runtime.stage.ChildStage;
import dev.signalbox.runtime.stage.CommandStage;
import dev.signalbox.runtime.stage.ModelStage;
import dev.signalbox.runtime.stage.PolicyStage;
import dev.signalbox.runtime.stage.RestStage;
import dev.signalbox.runtime.stage.StepStage;
import dev.signalbox.runtime.stage.TreeLimits;
import dev.signalbox.store.StoreClock;
import dev.signalbox.runtime.stage.ToolStage;
import dev.signalbox.runtime.stage.VerifyStage;
import dev.signalbox.runtime.stage.WakeStage;
import dev.signalbox.runtime.tool.ToolInvocation;
import dev.signalbox.runtime.tool.ToolOutcome;
import dev.signalbox.runtime.tool.ToolPort;
import dev.signalbox.store.ApprovalInbox.ApprovalFilter;
import dev.signalbox.store.ApprovalInbox.Ballot;
import dev.signalbox.store.Claim;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunFilter;
import dev.signalbox.store.memory.MemoryDatabase;
import dev.signalbox.support.TroubledRunStore;
import dev.signalbox.wire.RecordCodec;
import dev.signalbox.wire.EventCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// A whole engine over the memory store, with a model and tools that do what the test says and a
/// clock that stands still until the test moves it.
final class EngineFixture {

    /// As it is when nothing is set.
    static final TreeLimits TREE = tree(8, 100_000);

    static TreeLimits tree(int maxDepth, long maxTree) {
        return new TreeLimits() {
            @Override
            public int maxDepth() {
                return maxDepth;
            }

            @Override
            public long maxTree() {
                return maxTree;
            }
        };
    }

    static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    final MemoryDatabase store = new MemoryDatabase(() -> now);
    final TroubledRunStore runs = new TroubledRunStore(store.runs());
    final Deque<ModelReply> replies = new ArrayDeque<>();
    final List<ModelRequest> requests = new ArrayList<>();
    final List<ToolInvocation> calls = new ArrayList<>();
    Function<ToolInvocation, ToolOutcome> tools =
            _ -> new ToolOutcome.Succeeded(Json.of(Map.of("ok", true)));
    Optional<PinnedDefinition> definition;
    Worker worker;
    PriceList prices = PriceList.EMPTY;
    boolean hanging;
    TreeLimits tree = TREE;

    /// Whose models answer; those of the agent by default.
    Optional<Provider> provider = Optional.empty();

    private final Map<Digest, PinnedDefinition> others = new HashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final List<RunId> submitted = new ArrayList<>();

    /// Runs of `pinned`, which may let run what is among `others`.
    EngineFixture(PinnedDefinition pinned, List<PinnedDefinition> others) {
        this(pinned);
        others.forEach(other -> this.others.put(other.digest(), other));
    }

    EngineFixture(PinnedDefinition pinned) {
        definition = Optional.of(pinned);
        worker = newWorker();
    }

    /// Another process on the same store.
    Worker newWorker() {
        InstantSource clock = () -> now;
        IdSource idSource =
                () ->
                        new UUID(
                                0x0190_0000_0000_7000L,
                                0x8000_0000_0000_0000L + ids.incrementAndGet());
        RunMetrics metrics = RunMetrics.to(new SimpleMeterRegistry());
        StoreClock storeClock = new StoreClock(store.leases(), clock);
        CelExpressions expressions = new CelExpressions();
        Schemas schemas = new Schemas();
        ApprovalStage approvals = new ApprovalStage(idSource, storeClock);
        ChildStage children = new ChildStage(idSource, storeClock, schemas, tree);
        ToolPort toolPort =
                invocation ->
                        Uni.createFrom()
                                .deferred(
                                        () -> {
                                            calls.add(invocation);
                                            return hanging
                                                    ? Uni.createFrom().nothing()
                                                    : Uni.createFrom()
                                                            .item(tools.apply(invocation));
                                        });
        RunPipeline pipeline =
                new RunPipeline(
                        runs,
                        new Commits(runs, store.leases(), new Settings(), clock),
                        store.inbox(),
                        storeClock,
                        new CommandStage(idSource),
                        new WakeStage(approvals, storeClock, tree),
                        new StepStage(expressions, approvals, children, storeClock),
                        children,
                        new PolicyStage(new PolicyEvaluator(expressions), schemas, approvals),
                        new ModelStage(
                                List.of(new ScriptedReplies()),
                                storeClock,
                                metrics,
                                new Prices(prices),
                                Turnstiles.open(clock),
                                new ModelDeltas(Broadcasts.NONE, clock)),
                        new ToolStage(toolPort, schemas, expressions, storeClock, metrics),
                        new VerifyStage(schemas, expressions),
                        new RestStage(children));
        return new Worker(
                store.leases(),
                store.inbox(),
                new RunLoader(store.runs(), digest -> Uni.createFrom().item(pinned(digest))),
                pipeline,
                new Settings(),
                new WorkerName(idSource),
                OpenTelemetry.noop());
    }

    private Pinned pinned(Digest digest) {
        return Optional.ofNullable(others.get(digest))
                .or(() -> definition)
                .<Pinned>map(Pinned.Usable::new)
                .orElseGet(() -> new Pinned.Blocked("The worker cannot read it."));
    }

    private final class ScriptedReplies implements ModelPort {
        @Override
        public Provider provider() {
            return provider.orElseGet(
                    () ->
                            definition.orElseThrow() instanceof PinnedAgent pinned
                                    ? pinned.agent().model().provider()
                                    : Provider.SCRIPTED);
        }

        @Override
        public Uni<ModelReply> chat(ModelRequest request) {
            requests.add(request);
            return Uni.createFrom().item(replies::removeFirst);
        }
    }

    private record Settings() implements RuntimeSettings {
        @Override
        public int concurrency() {
            return 4;
        }

        @Override
        public Duration lease() {
            return LEASE;
        }

        @Override
        public Duration renew() {
            return Duration.ofSeconds(4);
        }

        @Override
        public Duration shutdown() {
            return Duration.ofSeconds(1);
        }
    }

    static ModelReply answer(String text) {
        return new ModelReply.Answered(
                Optional.of(text), List.of(), new TokenUsage(10, 5), "gpt", "stop");
    }

    static ModelReply call(String tool, Map<String, ?> arguments) {
        return new ModelReply.Answered(
                Optional.empty(),
                List.of(new ModelToolCall("call-1", tool, Json.of(arguments))),
                new TokenUsage(10, 5),
                "gpt",
                "tool_calls");
    }

    RunId submit(Json input) {
        RunId id =
                new RunId(
                        new UUID(
                                0x0190_0000_0000_7000L,
                                0x9000_0000_0000_0000L + ids.incrementAndGet()));
        RunIdentity identity =
                new RunIdentity(
                        id,
                        definition.orElseThrow().ref(),
                        "default",
                        "svc-shop",
                        Map.of(),
                        5,
                        input.digest(),
                        Optional.empty(),
                        Lineage.rootOf(id),
                        "0af7651916cd43dd8448eb211c80319c",
                        Optional.empty(),
                        now);
        wait(store.runs().create(NewRun.of(identity, input, Optional.empty())));
        submitted.add(id);
        return id;
    }

    /// Branches off from a run, with that plan.
    RunId branch(RunId origin, long seq, BranchPlan plan) {
        JsonObject kept = RecordCodec.encode(plan);
        RunId id =
                new RunId(
                        new UUID(
                                0x0190_0000_0000_7000L,
                                0x9000_0000_0000_0000L + ids.incrementAndGet()));
        RunIdentity from = run(origin).identity();
        RunIdentity identity =
                new RunIdentity(
                        id,
                        from.definition(),
                        from.tenant(),
                        "olga",
                        from.labels(),
                        from.priority(),
                        from.input(),
                        Optional.empty(),
                        Lineage.branch(
                                id, new BranchPoint(origin, seq, Optional.of(kept.digest()))),
                        from.traceId(),
                        Optional.empty(),
                        now);
        Json input = wait(store.runs().payloads(origin, Set.of(from.input()))).get(from.input());
        NewRun branch = NewRun.of(identity, input, Optional.empty());
        Map<Digest, Json> payloads = new HashMap<>(branch.payloads());
        payloads.put(kept.digest(), kept);
        wait(
                store.runs()
                        .create(
                                new NewRun(
                                        branch.summary(),
                                        branch.submitted(),
                                        payloads,
                                        Optional.empty())));
        return id;
    }

    /// Works until nothing is due any more.
    void work() {
        for (List<RunId> due = due(); !due.isEmpty(); due = due()) {
            due.forEach(id -> claim(worker, id).ifPresent(claim -> wait(worker.drive(claim))));
        }
        submitted.forEach(this::replays);
    }

    /// Whatever the engine has recorded, it would decide again.
    private void replays(RunId id) {
        RunSummary run = run(id);
        definition
                .filter(pinned -> pinned.digest().equals(run.identity().definition().digest()))
                .map(
                        pinned ->
                                StrictReplay.of(
                                        EventCodec.recorded(run, journal(id)),
                                        pinned,
                                        _ -> Optional.empty()))
                .ifPresent(
                        report -> {
                            assertThat(report.firstDivergence()).isEmpty();
                            assertThat(report.matched()).isEqualTo(report.decisions());
                        });
    }

    private List<RunId> due() {
        return wait(store.leases().dispatch(10, Duration.ZERO.plusSeconds(5)));
    }

    Optional<Claim> claim(Worker by, RunId id) {
        return wait(by.claim(id));
    }

    RunSummary run(RunId id) {
        return wait(store.runs().find(id)).orElseThrow();
    }

    /// The children of a run, oldest first.
    List<RunSummary> children(RunId id) {
        return wait(
                        store.runs()
                                .list(
                                        new RunFilter("default", Set.of(), Optional.empty(), Map.of(), false, Optional.empty(), Optional.empty(), Optional.of(run(id).identity().lineage().root())),
                                        PageRequest.first(100)))
                .items()
                .reversed()
                .stream()
                .filter(run -> run.identity().lineage().parent().equals(Optional.of(id)))
                .toList();
    }

    List<JournalEntry> journal(RunId id) {
        return wait(store.runs().journal(id, 0, 1000));
    }

    List<String> types(RunId id) {
        return journal(id).stream().map(JournalEntry::type).toList();
    }

    Approval approval(RunId id) {
        return wait(store.approvals()
                        .list(
                                new ApprovalFilter("default", Optional.empty(), Optional.of(id)),
                                PageRequest.first(10)))
                .items()
                .getLast();
    }

    Approval decide(
            Approval approval, Approval.Decision.Choice choice, Optional<JsonObject> edited) {
        Actor lead = new Actor("alice", Actor.Plane.OPERATOR, "default", Set.of("lead", "operator"));
        return wait(
                store.approvals()
                        .decide(
                                new Ballot(
                                        approval.id(),
                                        lead,
                                        approval.callDigest(),
                                        choice,
                                        "because",
                                        edited,
                                        audit(lead, approval.runId()))));
    }

    void command(RunId id, RunCommand.Ask ask) {
        Actor operator = new Actor("olga", Actor.Plane.OPERATOR, "default", Set.of("operator"));
        wait(
                store.inbox()
                        .post(
                                new RunCommand(
                                        new CommandId(new UUID(5, ids.incrementAndGet())),
                                        id,
                                        operator,
                                        "reason",
                                        ask,
                                        now),
                                audit(operator, id)));
    }

    private AuditRecord audit(Actor actor, RunId id) {
        return new AuditRecord(
                new AuditId(new UUID(6, ids.incrementAndGet())),
                now,
                actor,
                "test",
                Optional.of(id),
                Optional.empty(),
                "reason",
                Optional.empty(),
                JsonObject.EMPTY);
    }

    static <T> T wait(Uni<T> work) {
        return work.await().atMost(PATIENCE);
    }
}
