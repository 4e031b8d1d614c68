package dev.signalbox.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.definition.Definitions;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.run.Shortage;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.runtime.tool.ToolOutcome;
import dev.signalbox.support.Workflows;
import dev.signalbox.wire.RecordCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A run that has used up what it may is held, and goes on where it was when somebody raises it.
class BudgetTest {

    private static final String CLERK =
            """
            ---
            kind: agent
            name: clerk
            version: 1.0.0
            model: {provider: scripted}
            instructions: Work.
            tools: [look]
            policy: support
            limits: {modelCalls: 3, toolCalls: 5}
            script: [{text: "{}"}]
            ---
            kind: workflow
            name: inner
            version: 1.0.0
            policy: support
            steps:
              - {id: clerk, agent: clerk, input: "input"}
            """;

    private static final Map<String, String> REF = Map.of("ref", "A-1");

    private static EngineFixture workflow(String limits, String steps) {
        Definitions all = Workflows.all(steps, "limits: " + limits + "\n" + CLERK);
        return new EngineFixture(all.latestWorkflow("w").orElseThrow(), all.runnable());
    }

    private static EngineFixture agent(String limits) {
        Definitions all =
                Workflows.all(
                        "- {id: a, tool: look}",
                        CLERK.replace("limits: {modelCalls: 3, toolCalls: 5}", limits));
        return new EngineFixture(all.latest("clerk").orElseThrow(), all.runnable());
    }

    private static RunId submit(EngineFixture engine) {
        RunId id = engine.submit(Json.of(REF));
        engine.work();
        return id;
    }

    private static void looks(EngineFixture engine, int times) {
        for (int time = 0; time < times; time++) {
            engine.replies.add(EngineFixture.call("look", REF));
        }
    }

    private static void says(EngineFixture engine, String text) {
        engine.replies.add(EngineFixture.answer(text));
    }

    private static Ask raise(EngineFixture engine, RunId held, Budget more, RunId... path) {
        Instant since = engine.run(held).waitingOn().orElseThrow().since();
        return new Ask.RaiseBudget(held, List.of(path), more, since);
    }

    private static Shortage shortage(RunSummary run) {
        return run.hold().flatMap(Hold::shortage).orElseThrow();
    }

    @Test
    void raisingGoesOnWithExactlyTheNextCall() {
        EngineFixture engine = agent("limits: {modelCalls: 2}");
        looks(engine, 2);
        says(engine, "done");
        RunId id = submit(engine);
        RunSummary held = engine.run(id);

        engine.command(id, raise(engine, id, Budget.modelCall()));
        engine.work();

        assertThat(held.status()).isEqualTo(RunStatus.HELD);
        assertThat(held.hold().orElseThrow().reason()).isEqualTo(Hold.Reason.BUDGET);
        assertThat(shortage(held).kind()).isEqualTo(Budget.Kind.MODEL_CALLS);
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.run(id).usage().modelCalls()).isEqualTo(3);
        assertThat(engine.calls).hasSize(2);
        assertThat(engine.types(id))
                .containsSubsequence(
                        "run_held", "budget_raised", "run_released", "model_requested");
    }

    @Test
    void releasingWithoutRaisingHoldsAgain() {
        EngineFixture engine = agent("limits: {modelCalls: 1}");
        looks(engine, 1);
        RunId id = submit(engine);

        engine.command(id, new Ask.Release());
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.HELD);
        assertThat(engine.requests).hasSize(1);
        assertThat(engine.types(id)).filteredOn("run_held"::equals).hasSize(2);
    }

    @Test
    void oneHoldIsRaisedForOnce() {
        EngineFixture engine = agent("limits: {modelCalls: 1}");
        looks(engine, 3);
        RunId id = submit(engine);
        Ask raise = raise(engine, id, Budget.modelCall());

        engine.command(id, raise);
        engine.command(id, raise);
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.HELD);
        assertThat(shortage(engine.run(id)).total().modelCalls()).contains(2L);
        assertThat(engine.types(id)).containsOnlyOnce("budget_raised");
    }

    @Test
    void aHeldRunCanBeCancelled() {
        EngineFixture engine = agent("limits: {modelCalls: 1}");
        looks(engine, 1);
        RunId id = submit(engine);

        engine.command(id, new Ask.Cancel());
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.CANCELLED);
    }

    @Test
    void timeAtWorkIsCountedAndTimeHeldIsNot() {
        EngineFixture engine = agent("limits: {wallClock: PT1M}");
        engine.tools =
                _ -> {
                    engine.now = engine.now.plusSeconds(50);
                    return new ToolOutcome.Succeeded(Json.of(REF));
                };
        looks(engine, 2);
        says(engine, "done");
        RunId id = submit(engine);
        RunSummary held = engine.run(id);
        engine.now = engine.now.plus(Duration.ofDays(3));

        engine.command(
                id,
                raise(engine, id, Budget.NONE.withWallClock(Optional.of(Duration.ofMinutes(1)))));
        engine.work();

        assertThat(shortage(held).used().wallClock()).contains(Duration.ofSeconds(100));
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void callsThatFitGoOutBeforeTheRunIsHeldForTheRest() {
        EngineFixture engine =
                workflow(
                        "{toolCalls: 2}",
                        "- {id: a, tool: look}\n- {id: b, tool: look}\n- {id: c, tool: look}");
        RunId id = submit(engine);
        int before = engine.calls.size();

        engine.command(id, raise(engine, id, Budget.toolCall()));
        engine.work();

        assertThat(before).isEqualTo(2);
        assertThat(engine.calls).hasSize(3);
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aChildGetsWhatIsLeftAndGivesBackWhatItDoesNotUse() {
        EngineFixture engine =
                workflow(
                        "{modelCalls: 4}",
                        """
                        - {id: a, agent: clerk, input: "input"}
                        - {id: b, needs: [a], agent: clerk, input: "input"}
                        - {id: c, needs: [b], agent: clerk, input: "input"}
                        """);
        looks(engine, 1);
        says(engine, "1");
        says(engine, "2");
        says(engine, "3");

        RunId id = submit(engine);

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.journal(id))
                .filteredOn(entry -> entry.type().equals("child_started"))
                .extracting(
                        entry ->
                                RecordCodec.decode(RunEvent.ChildStarted.class, entry.data())
                                        .budget()
                                        .orElseThrow()
                                        .modelCalls()
                                        .orElseThrow())
                .containsExactly(3L, 2L, 1L);
    }

    @Test
    void whatIsReservedForOneChildIsNotThereForAnother() {
        EngineFixture engine =
                workflow(
                        "{modelCalls: 5}",
                        """
                        - {id: a, agent: clerk, input: "input"}
                        - {id: b, agent: clerk, input: "input"}
                        """);
        says(engine, "1");
        says(engine, "2");

        RunId id = submit(engine);

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.types(id))
                .containsSubsequence(
                        "child_started", "child_settled", "child_started", "child_settled");
    }

    @Test
    void aChildThatIsHeldIsRaisedFromTheRootDown() {
        EngineFixture engine =
                workflow("{modelCalls: 1}", "- {id: a, workflow: inner, input: \"input\"}");
        looks(engine, 1);
        says(engine, "done");
        RunId root = submit(engine);
        RunId inner = engine.children(root).getFirst().identity().id();
        RunId clerk = engine.children(inner).getFirst().identity().id();
        RunSummary held = engine.run(clerk);
        WaitingOn above = engine.run(root).waitingOn().orElseThrow();

        engine.command(root, raise(engine, clerk, Budget.modelCall(), inner, clerk));
        engine.work();

        assertThat(held.status()).isEqualTo(RunStatus.HELD);
        assertThat(shortage(held).total().modelCalls()).contains(1L);
        assertThat(above.kind()).isEqualTo(WaitingOn.Kind.CHILD);
        assertThat(engine.run(root).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(List.of(root, inner, clerk))
                .allSatisfy(id -> assertThat(engine.types(id)).containsOnlyOnce("budget_raised"));
        assertThat(engine.run(clerk).usage().modelCalls()).isEqualTo(2);
    }

    @Test
    void aRunIsHeldBeforeAChildThatCouldDoNothing() {
        EngineFixture engine =
                workflow(
                        "{modelCalls: 1}",
                        """
                        - {id: a, agent: clerk, input: "input"}
                        - {id: b, needs: [a], agent: clerk, input: "input"}
                        """);
        says(engine, "1");
        says(engine, "2");
        RunId id = submit(engine);
        RunSummary held = engine.run(id);

        engine.command(id, raise(engine, id, Budget.modelCall()));
        engine.work();

        assertThat(held.status()).isEqualTo(RunStatus.HELD);
        assertThat(engine.children(id)).hasSize(2);
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aChildThatNobodyWaitsForStillTellsWhatItUsed() {
        EngineFixture engine =
                workflow(
                        "{modelCalls: 5}",
                        """
                        - {id: a, agent: clerk, input: "input", timeout: PT1H, onFailure: continue}
                        - {id: b, needs: [a], agent: clerk, input: "input"}
                        """);
        looks(engine, 3);
        RunId id = submit(engine);
        says(engine, "late");
        engine.now = engine.now.plus(Duration.ofHours(2));

        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.children(id))
                .extracting(RunSummary::status)
                .containsExactly(RunStatus.CANCELLED, RunStatus.COMPLETED);
        assertThat(engine.types(id)).filteredOn("child_settled"::equals).hasSize(2);
    }

    @Test
    void moneyThatARunAboveCountsNeedsAPriceBelow() {
        Definitions all =
                Workflows.all(
                        "- {id: a, agent: clerk, input: \"input\"}",
                        "limits: {costUsd: 1}\n"
                                + CLERK.replace("scripted}", "openai, name: gpt}")
                                        .replace("script: [{text: \"{}\"}]\n", ""));
        EngineFixture engine =
                new EngineFixture(all.latestWorkflow("w").orElseThrow(), all.runnable());
        engine.provider = Optional.of(Provider.OPENAI);
        engine.worker = engine.newWorker();

        RunId id = submit(engine);

        assertThat(engine.requests).isEmpty();
        assertThat(engine.run(id).error().orElseThrow().message())
                .startsWith("The step 'a' failed: price_unknown: ");
    }

    @Test
    void aTreeIsNoLargerThanItMayBe() {
        EngineFixture engine =
                workflow(
                        "{children: 9}",
                        """
                        - {id: a, agent: clerk, input: "input"}
                        - {id: b, needs: [a], agent: clerk, input: "input"}
                        """);
        engine.tree = EngineFixture.tree(8, 1);
        engine.worker = engine.newWorker();
        says(engine, "1");

        RunId id = submit(engine);

        assertThat(engine.children(id)).hasSize(1);
        assertThat(engine.run(id).error().orElseThrow().message())
                .startsWith("The step 'b' failed: tree_limit_reached: ");
    }

    @Test
    void aTreeIsNoDeeperThanItMayBe() {
        EngineFixture engine =
                workflow("{children: 9}", "- {id: a, workflow: inner, input: \"input\"}");
        engine.tree = EngineFixture.tree(2, 100);
        engine.worker = engine.newWorker();

        RunId id = submit(engine);

        assertThat(engine.children(id)).hasSize(1);
        assertThat(engine.children(id).getFirst().error().orElseThrow().message())
                .startsWith("The step 'clerk' failed: tree_limit_reached: ");
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.FAILED);
    }
}
