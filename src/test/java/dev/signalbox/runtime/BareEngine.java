package dev.signalbox.runtime;

import dev.signalbox.definition.CelExpressions;
import dev.signalbox.definition.Schemas;
import dev.signalbox.domain.agent.PriceList;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.policy.PolicyEvaluator;
import dev.signalbox.observe.RunMetrics;
import dev.signalbox.runtime.PinnedDefinitions.Pinned;
import dev.signalbox.runtime.model.ModelPort;
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
import dev.signalbox.runtime.stage.ToolStage;
import dev.signalbox.runtime.stage.VerifyStage;
import dev.signalbox.runtime.stage.WakeStage;
import dev.signalbox.runtime.tool.ToolPort;
import dev.signalbox.store.RunInbox;
import dev.signalbox.store.RunLeases;
import dev.signalbox.store.RunStore;
import dev.signalbox.store.StoreClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// The engine of one process and nothing else: no container, no queue, no timers. What it does, it
/// does on the threads on which its surroundings answer.
public final class BareEngine {

    public static final Duration LEASE = Duration.ofSeconds(15);

    private static final CelExpressions EXPRESSIONS = new CelExpressions();
    private static final Schemas SCHEMAS = new Schemas();

    /// All that an engine can reach.
    ///
    /// @param definition of every run that `children` do not know
    public record Surroundings(
            RunStore runs,
            RunLeases leases,
            RunInbox inbox,
            ToolPort tools,
            ModelPort model,
            PinnedDefinition definition,
            Map<Digest, PinnedDefinition> children,
            InstantSource clock,
            IdSource ids) {

        private Pinned pinned(Digest digest) {
            return new Pinned.Usable(children.getOrDefault(digest, definition));
        }

        public Surroundings with(RunStore other) {
            return new Surroundings(
                    other, leases, inbox, tools, model, definition, children, clock, ids);
        }

        public Surroundings with(PinnedDefinition other) {
            return new Surroundings(
                    runs, leases, inbox, tools, model, other, children, clock, ids);
        }
    }

    private final Worker worker;

    public BareEngine(Surroundings around) {
        RunMetrics metrics = RunMetrics.to(new SimpleMeterRegistry());
        StoreClock clock = new StoreClock(around.leases(), around.clock());
        ApprovalStage approvals = new ApprovalStage(around.ids(), clock);
        ChildStage children = new ChildStage(around.ids(), clock, SCHEMAS, EngineFixture.TREE);
        Settings settings = new Settings();
        RunPipeline pipeline =
                new RunPipeline(
                        around.runs(),
                        new Commits(around.runs(), around.leases(), settings, around.clock()),
                        around.inbox(),
                        clock,
                        new CommandStage(around.ids()),
                        new WakeStage(approvals, clock, EngineFixture.TREE),
                        new StepStage(EXPRESSIONS, approvals, children, clock),
                        children,
                        new PolicyStage(new PolicyEvaluator(EXPRESSIONS), SCHEMAS, approvals),
                        new ModelStage(
                                List.of(around.model()),
                                clock,
                                metrics,
                                new Prices(PriceList.EMPTY),
                                Turnstiles.open(around.clock()),
                                new ModelDeltas(Broadcasts.NONE, around.clock())),
                        new ToolStage(around.tools(), SCHEMAS, EXPRESSIONS, clock, metrics),
                        new VerifyStage(SCHEMAS, EXPRESSIONS),
                        new RestStage(children));
        worker =
                new Worker(
                        around.leases(),
                        around.inbox(),
                        new RunLoader(
                                around.runs(),
                                digest -> Uni.createFrom().item(around.pinned(digest))),
                        pipeline,
                        settings,
                        new WorkerName(around.ids()),
                        OpenTelemetry.noop());
    }

    /// Takes the run, if it can be taken, and drives it until it rests; answers whether it was
    /// taken.
    public Uni<Boolean> work(RunId id) {
        return worker.claim(id)
                .chain(
                        claim ->
                                claim.map(taken -> worker.drive(taken).replaceWith(true))
                                        .orElseGet(() -> Uni.createFrom().item(false)));
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
}
