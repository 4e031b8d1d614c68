package dev.signalbox.runtime;

import static dev.signalbox.runtime.EngineFixture.answer;
import static dev.signalbox.runtime.EngineFixture.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.domain.tool.HttpCall;
import dev.signalbox.domain.tool.Probe;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.runtime.tool.ToolInvocation;
import dev.signalbox.runtime.tool.ToolOutcome;
import dev.signalbox.store.Claim;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A call of which nobody knows whether it happened is looked up, where its tool says how; and a
/// tool is called no oftener in a run than it says.
class ProbeTest {

    private static final Json INPUT = Json.of(Map.of("orderId", "A-1"));
    private static final Duration AFTER = Duration.ofSeconds(10);
    private static final ToolOutcome LOST = new ToolOutcome.Unknown("timeout", "no answer in time");

    private final EngineFixture engine = new EngineFixture(agent(1));

    @Test
    void aCallThatHappenedIsReconciledAndNotMadeAgain() {
        RunId id = lostWire(answers(Map.of("state", "sent", "id", "W-7")));
        engine.replies.add(answer("{\"refunded\": 60}"));

        engine.now = engine.now.plus(AFTER);
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.types(id))
                .containsSubsequence("tool_failed", "run_waiting", "effect_reconciled")
                .doesNotContain("run_held");
        assertThat(wires()).hasSize(1);
        assertThat(engine.journal(id).toString()).contains("\"by\":\"probe\"").contains("\"happened\":true");
        assertThat(engine.requests.getLast().messages().toString()).contains("W-7");
    }

    @Test
    void aCallThatDidNotHappenIsMadeAgainWithTheSameKey() {
        RunId id = lostWire(new ToolOutcome.Failed("http_404", "none", JsonNull.NULL));
        engine.replies.add(answer("{\"refunded\": 60}"));
        engine.tools =
                made ->
                        isProbe(made)
                                ? new ToolOutcome.Failed("http_404", "none", JsonNull.NULL)
                                : new ToolOutcome.Succeeded(Json.of(Map.of("ok", true)));

        engine.now = engine.now.plus(AFTER);
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(wires())
                .hasSize(2)
                .allMatch(made -> made.effectId().equals(EffectId.toolCall(id, 1)));
    }

    @Test
    void theProbeReadsWithTheCallsOwnIdAndArguments() {
        RunId id = lostWire(answers(Map.of("state", "sent", "id", "W-7")));
        engine.replies.add(answer("{\"refunded\": 60}"));

        engine.now = engine.now.plus(AFTER);
        engine.work();

        ToolInvocation probe =
                engine.calls.stream().filter(ProbeTest::isProbe).findFirst().orElseThrow();
        assertThat(probe.tool().sideEffect().writes()).isFalse();
        assertThat(((HttpCall) probe.tool().transport()).url())
                .isEqualTo("http://localhost/wires/" + EffectId.toolCall(id, 1) + "/{amount}");
        assertThat(probe.arguments()).isEqualTo(Json.of(Map.of("amount", 60)));
        assertThat(probe.effectId().value()).isEqualTo(EffectId.toolCall(id, 1) + "-p1");
    }

    @Test
    void nothingIsAskedWhileTheOtherSideMayStillBeAtWork() {
        RunId id = lostWire(answers(Map.of("state", "sent", "id", "W-7")));

        engine.now = engine.now.plus(AFTER).minusMillis(1);
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.WAITING);
        assertThat(engine.run(id).waitingOn().orElseThrow().kind()).isEqualTo(WaitingOn.Kind.TIMER);
        assertThat(engine.run(id).waitingOn().orElseThrow().detail()).contains("probe");
        assertThat(engine.calls).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"500", "403", "unreachable", "says nothing", "of another shape"})
    void aProbeThatCannotSayLeavesTheRunToPeople(String kind) {
        RunId id =
                lostWire(
                        switch (kind) {
                            case "500" -> new ToolOutcome.Unknown("http_500", "it answered 500");
                            case "403" ->
                                    new ToolOutcome.Failed("http_403", "no", JsonNull.NULL);
                            case "unreachable" ->
                                    new ToolOutcome.TryAgain("unreachable", "", Optional.empty());
                            case "says nothing" -> answers(Map.of("state", "pending"));
                            default -> answers(Map.of("other", 1));
                        });

        for (int hour = 0; hour < 5; hour++) {
            engine.now = engine.now.plus(Duration.ofHours(1));
            engine.work();
        }

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.HELD);
        assertThat(engine.run(id).hold().orElseThrow().detail()).contains("Its probe could not say");
        assertThat(engine.calls).as("one call, three questions").hasSize(1 + 3);
        assertThat(engine.types(id)).doesNotContain("effect_reconciled");
    }

    @Test
    void peopleMayStillReconcileWhatTheProbeCouldNot() {
        RunId id = lostWire(new ToolOutcome.Unknown("http_500", "it answered 500"));
        for (int hour = 0; hour < 5; hour++) {
            engine.now = engine.now.plus(Duration.ofHours(1));
            engine.work();
        }
        engine.replies.add(answer("{\"refunded\": 60}"));

        engine.command(id, new Ask.Reconcile(EffectId.toolCall(id, 1), true, Optional.empty()));
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aWorkerThatDiesInTheCallIsReplacedAndTheNextOneAsks() {
        engine.replies.add(call("wire", Map.of("amount", 60)));
        engine.replies.add(answer("{\"refunded\": 60}"));
        RunId id = engine.submit(INPUT);
        engine.hanging = true;
        Claim claim = engine.claim(engine.worker, id).orElseThrow();
        engine.worker.drive(claim).subscribe().with(_ -> {});
        engine.hanging = false;
        engine.worker = engine.newWorker();
        engine.tools = _ -> answers(Map.of("state", "sent", "id", "W-7"));

        engine.now = engine.now.plus(EngineFixture.LEASE).plusSeconds(1);
        engine.work();
        engine.now = engine.now.plus(AFTER);
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.types(id)).containsSubsequence("tool_failed", "effect_reconciled");
        assertThat(wires()).hasSize(1);
    }

    @Test
    void aToolIsCalledNoOftenerInARunThanItSays() {
        engine.definition = Optional.of(agent(2));
        engine.replies.add(call("wire", Map.of("amount", 10)));
        engine.replies.add(call("wire", Map.of("amount", 11)));
        engine.replies.add(call("wire", Map.of("amount", 12)));
        engine.replies.add(answer("{\"refunded\": 21}"));
        RunId id = engine.submit(INPUT);

        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(wires()).hasSize(2);
        assertThat(engine.journal(id).toString()).contains("tool_limit_reached");
        assertThat(engine.requests.getLast().messages().toString())
                .contains("This run has used up its 2 calls of wire");
    }

    /// A run whose wire was sent, and whose answer was lost.
    private RunId lostWire(ToolOutcome probed) {
        engine.replies.add(call("wire", Map.of("amount", 60)));
        engine.tools = made -> isProbe(made) ? probed : LOST;
        RunId id = engine.submit(INPUT);
        engine.work();
        return id;
    }

    private List<ToolInvocation> wires() {
        return engine.calls.stream().filter(made -> !isProbe(made)).toList();
    }

    private static boolean isProbe(ToolInvocation made) {
        return made.effectId().value().matches(".*-p\\d+");
    }

    private static ToolOutcome answers(Map<String, ?> body) {
        return new ToolOutcome.Succeeded(Json.of(body));
    }

    private static PinnedAgent agent(int callsPerRun) {
        PinnedAgent agent = RunPipelineTest.agent();
        Map<String, ToolDefinition> tools = new LinkedHashMap<>(agent.tools());
        tools.computeIfPresent("wire", (_, tool) -> probed(tool, callsPerRun));
        return new PinnedAgent(agent.digest(), agent.agent(), tools, agent.policy());
    }

    private static ToolDefinition probed(ToolDefinition tool, int callsPerRun) {
        return new ToolDefinition(
                tool.name(),
                tool.description(),
                tool.input(),
                tool.output(),
                tool.sideEffect(),
                tool.idempotency(),
                tool.auth(),
                tool.transport(),
                Optional.of(callsPerRun),
                Optional.of(
                        new Probe(
                                new HttpCall(
                                        HttpCall.Method.GET,
                                        "http://localhost/wires/{effectId}/{amount}",
                                        Duration.ofSeconds(5)),
                                "!answer.found ? dyn(false) : answer.body.state == 'sent'"
                                        + " ? dyn(true) : dyn(null)",
                                Optional.of("answer.body"),
                                AFTER,
                                3)),
                tool.digest());
    }
}
