package dev.signalbox.runtime;

import static dev.signalbox.runtime.EngineFixture.answer;
import static dev.signalbox.runtime.EngineFixture.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.agent.AgentDefinition;
import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Decision.Choice;
import dev.signalbox.domain.branch.BranchPlan;
import dev.signalbox.domain.branch.BranchPlan.Repeat;
import dev.signalbox.domain.branch.Branching;
import dev.signalbox.domain.branch.EffectChoice;
import dev.signalbox.domain.branch.Hazard;
import dev.signalbox.domain.branch.RecordedEffect;
import dev.signalbox.domain.branch.RecordedEffect.Outcome;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.plan.Limits;
import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.Progress.Checkpoint;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.tool.Idempotency;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.runtime.tool.ToolInvocation;
import dev.signalbox.runtime.tool.ToolOutcome;
import dev.signalbox.support.SampleAgents;
import dev.signalbox.wire.EventCodec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a branch takes over, and what it does with what its origin did.
class BranchRunTest {

    private static final Json INPUT = Json.of(Map.of("orderId", "A-1"));
    private static final Map<String, Object> REFUND = Map.of("orderId", "A-1", "amount", 20);
    private static final PinnedAgent AGENT = agent();

    private final EngineFixture engine = new EngineFixture(AGENT);
    private RunId origin;
    private List<JournalEntry> originJournal = List.of();

    /// The origin has looked the order up, paid the money back, and said so.
    @BeforeEach
    void origin() {
        engine.tools = call -> new ToolOutcome.Succeeded(Json.of(Map.of("by", call.tool().name())));
        engine.replies.add(call("lookup", Map.of("orderId", "A-1")));
        engine.replies.add(call("refund", REFUND));
        engine.replies.add(answer("paid"));
        origin = engine.submit(INPUT);
        engine.work();
        originJournal = engine.journal(origin);
        assertThat(engine.run(origin).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls).hasSize(2);
    }

    @Test
    void planNamesWhatHappenedAfterTheCheckpointAndWhatItWouldMeanToRepeatIt() {
        assertThat(checkpoints())
                .extracting(Checkpoint::label)
                .containsExactly("submitted", "before refund");

        assertThat(effects(beforeRefund()))
                .singleElement()
                .satisfies(
                        effect -> {
                            assertThat(effect.tool()).isEqualTo("refund");
                            assertThat(effect.outcome()).isEqualTo(Outcome.COMPLETED);
                            assertThat(effect.hazard()).isEqualTo(Hazard.HAPPENED);
                            assertThat(effect.choices().getFirst()).isEqualTo(EffectChoice.REUSE);
                        });
        assertThat(effects(1)).extracting(RecordedEffect::tool).containsExactly("lookup", "refund");
        assertThat(effects(1).getFirst().hazard()).isEqualTo(Hazard.NONE);
    }

    @Test
    void reusedResultIsSeenByTheModelAndNothingIsSent() {
        RunId branch = branch(beforeRefund(), EffectChoice.REUSE);
        engine.replies.add(answer("paid before"));

        engine.work();

        assertThat(engine.run(branch).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls).as("calls that went out").hasSize(2);
        assertThat(engine.requests.getLast().messages().toString()).contains("refund");
        assertThat(engine.types(branch)).contains("effect_reconciled");
        assertThat(engine.types(branch))
                .as("sent, the origin's look-up among it")
                .filteredOn("tool_started"::equals)
                .hasSize(1);
        assertThat(proposal(branch, "refund")).contains("\"repeats\":\"" + origin + "-t2\"");
        untouched();
    }

    @Test
    void branchGoesOnFromWhatWasSettledAndUnderItsOwnEffectIds() {
        RunId branch = branch(beforeRefund(), EffectChoice.RERUN);
        engine.replies.add(answer("never mind"));

        engine.work();

        assertThat(engine.requests.getLast().effectId().value()).isEqualTo(branch + "-m3");
        assertThat(engine.run(branch).usage().toolCalls()).as("the look-up").isEqualTo(2);
        assertThat(engine.run(branch).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls).hasSize(3);
        assertThat(engine.calls.getLast().effectId().value()).isEqualTo(branch + "-t2");
        untouched();
    }

    @Test
    void effectThatIsToBeAskedForWaitsForAPersonThoughThePolicyAllowsIt() {
        RunId branch = branch(beforeRefund(), EffectChoice.ASK);
        engine.replies.add(answer("paid twice"));
        engine.work();
        Approval approval = engine.approval(branch);
        assertThat(engine.run(branch).status()).isEqualTo(RunStatus.WAITING);
        assertThat(engine.calls).hasSize(2);

        engine.decide(approval, Choice.APPROVE, Optional.empty());
        engine.work();

        assertThat(engine.calls)
                .extracting(ToolInvocation::tool)
                .extracting(ToolDefinition::name)
                .containsExactly("lookup", "refund", "refund");
        assertThat(engine.run(branch).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void whatTheModelNeverDidBeforeIsAskedForIfItWrites() {
        RunId branch = branch(1, EffectChoice.REUSE);
        engine.replies.add(call("lookup", Map.of("orderId", "A-2")));
        engine.replies.add(call("refund", Map.of("orderId", "A-2", "amount", 30)));

        engine.work();

        assertThat(engine.run(branch).status()).isEqualTo(RunStatus.WAITING);
        assertThat(engine.approval(branch).ruleId()).contains("branch:unplanned");
        assertThat(engine.calls)
                .extracting(ToolInvocation::tool)
                .extracting(ToolDefinition::name)
                .containsExactly("lookup", "refund", "lookup");
    }

    @Test
    void recordedCallStandsForOneCallOnly() {
        RunId branch = branch(beforeRefund(), EffectChoice.REUSE);
        engine.replies.add(call("refund", REFUND));

        engine.work();

        assertThat(engine.run(branch).status()).as("the second one").isEqualTo(RunStatus.WAITING);
        assertThat(engine.calls).hasSize(2);
    }

    @Test
    void simulatedResultIsWhatThePlanSays() {
        RecordedEffect refund = effects(beforeRefund()).getFirst();
        RunId branch =
                engine.branch(
                        origin,
                        beforeRefund(),
                        new BranchPlan(
                                "olga",
                                "why",
                                List.of(
                                        new Repeat(
                                                refund.effectId(),
                                                refund.tool(),
                                                refund.arguments(),
                                                EffectChoice.SIMULATE,
                                                Optional.of(Json.text("card expired"))))));
        engine.replies.add(answer("cannot be paid"));

        engine.work();

        assertThat(engine.run(branch).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.requests.getLast().messages().toString()).contains("card expired");
        assertThat(engine.calls).hasSize(2);
    }

    @Test
    void workerThatDiesBeforeItsFirstCommitLeavesTheBranchToTheNext() {
        RunId branch = branch(beforeRefund(), EffectChoice.REUSE);
        assertThat(engine.claim(engine.worker, branch)).isPresent();
        engine.now = engine.now.plus(EngineFixture.LEASE.multipliedBy(2));
        engine.worker = engine.newWorker();
        engine.replies.add(answer("done"));

        engine.work();

        assertThat(engine.run(branch).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.types(branch)).filteredOn("run_started"::equals).hasSize(1);
        assertThat(engine.journal(branch).stream().filter(this::isMark)).hasSize(1);
        assertThat(JournalEntry.GENESIS).isEqualTo(engine.journal(branch).getFirst().prevHash());
    }

    private boolean isMark(JournalEntry entry) {
        return entry.data().canonical().contains("branched from " + origin);
    }

    private void untouched() {
        assertThat(engine.journal(origin)).isEqualTo(originJournal);
    }

    private RunId branch(long checkpoint, EffectChoice choice) {
        Map<Digest, Json> values =
                EngineFixture.wait(
                        engine.store
                                .runs()
                                .payloads(
                                        origin,
                                        dev.signalbox.web.EventView.digests(originJournal)));
        List<Repeat> repeats =
                effects(checkpoint).stream()
                        .map(
                                effect ->
                                        new Repeat(
                                                effect.effectId(),
                                                effect.tool(),
                                                effect.arguments(),
                                                choice,
                                                effect.result().map(values::get)))
                        .toList();
        return engine.branch(origin, checkpoint, new BranchPlan("olga", "why", repeats));
    }

    private List<RecordedEffect> effects(long checkpoint) {
        return Branching.effects(placed(), checkpoint, AGENT::tool);
    }

    private List<Checkpoint> checkpoints() {
        return Branching.checkpoints(placed());
    }

    private long beforeRefund() {
        return checkpoints().getLast().seq();
    }

    private List<Placed> placed() {
        return originJournal.stream().map(EventCodec::placed).toList();
    }

    private String proposal(RunId run, String tool) {
        return engine.journal(run).stream()
                .filter(entry -> entry.type().equals("tool_proposed"))
                .map(entry -> entry.data().canonical())
                .filter(data -> data.contains(tool))
                .findFirst()
                .orElseThrow();
    }

    private static PinnedAgent agent() {
        ToolDefinition lookup = SampleAgents.read("lookup", "http://127.0.0.1/");
        ToolDefinition refund = SampleAgents.write("refund", Idempotency.KEY, "http://127.0.0.1/");
        AgentDefinition agent =
                new AgentDefinition(
                        "sample",
                        "1.0.0",
                        new ModelRef(
                                ModelRef.Provider.OPENAI,
                                "gpt",
                                Optional.empty(),
                                Optional.empty()),
                        "You settle refund requests.",
                        List.of("lookup", "refund"),
                        "support",
                        Limits.DEFAULT,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of());
        PolicyDefinition policy =
                new PolicyDefinition(
                        "support",
                        Verdict.ALLOW,
                        List.of(),
                        List.of(),
                        List.of(),
                        Digest.of("policy"));
        return new PinnedAgent(
                Digest.of("sample"), agent, Map.of("lookup", lookup, "refund", refund), policy);
    }
}
