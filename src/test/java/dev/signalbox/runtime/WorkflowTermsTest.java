package dev.signalbox.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Decision.Choice;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.runtime.tool.ToolInvocation;
import dev.signalbox.runtime.tool.ToolOutcome;
import dev.signalbox.support.Workflows;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a step's terms promise: retries, timeouts, failures that are isolated, and compensation.
class WorkflowTermsTest {

    private static final ToolOutcome OK = new ToolOutcome.Succeeded(Json.of(Map.of("ok", true)));

    private static ToolOutcome failed(String code) {
        return new ToolOutcome.Failed(code, "It did not work.", JsonNull.NULL);
    }

    private static EngineFixture engine(String steps) {
        return new EngineFixture(Workflows.of(steps));
    }

    private static RunId submit(EngineFixture engine) {
        return engine.submit(Json.of(Map.of("ref", "A-1")));
    }

    private static void pass(EngineFixture engine, Duration time) {
        engine.now = engine.now.plus(time);
        engine.work();
    }

    private static List<String> calls(EngineFixture engine) {
        return engine.calls.stream().map(call -> call.tool().name()).toList();
    }

    @Test
    void aStepThatFailsIsTriedAgainAsANewCallAfterAGrowingPause() {
        EngineFixture engine =
                engine("- {id: a, tool: look, retry: {maxAttempts: 3, delay: PT10S, factor: 3}}");
        engine.tools = _ -> engine.calls.size() < 3 ? failed("http_404") : OK;
        RunId id = submit(engine);
        engine.work();
        WaitingOn first = engine.run(id).waitingOn().orElseThrow();
        pass(engine, Duration.ofSeconds(10));
        WaitingOn second = engine.run(id).waitingOn().orElseThrow();

        pass(engine, Duration.ofSeconds(30));

        assertThat(first.detail()).startsWith("The step 'a' failed; it is tried again at ");
        assertThat(Duration.between(first.since(), first.until().orElseThrow()))
                .isEqualTo(Duration.ofSeconds(10));
        assertThat(Duration.between(second.since(), second.until().orElseThrow()))
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls.stream().map(ToolInvocation::effectId).distinct()).hasSize(3);
    }

    @Test
    void aStepIsNotTriedAgainOnOtherCodesThanThoseItNames() {
        EngineFixture engine =
                engine("- {id: a, tool: look, retry: {maxAttempts: 3, on: [http_409]}}");
        engine.tools = _ -> failed("http_404");
        RunId id = submit(engine);

        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.FAILED);
        assertThat(engine.calls).hasSize(1);
    }

    @Test
    void whatThePolicyDeniesIsNotTriedAgain() {
        EngineFixture engine =
                engine("- {id: a, tool: forbidden, retry: {maxAttempts: 3, delay: PT1S}}");
        RunId id = submit(engine);

        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.FAILED);
        assertThat(engine.types(id)).filteredOn("tool_proposed"::equals).hasSize(1);
    }

    @Test
    void aStepThatWaitsTooLongForAPersonFailsAndItsApprovalIsWithdrawn() {
        EngineFixture engine = engine("- {id: a, tool: signed, timeout: PT1H}");
        RunId id = submit(engine);
        engine.work();
        Approval asked = engine.approval(id);

        pass(engine, Duration.ofHours(1));

        assertThat(asked.status()).isEqualTo(Approval.Status.PENDING);
        assertThat(engine.run(id).error().orElseThrow().message()).contains("step_timeout");
        assertThat(engine.approval(id).status()).isEqualTo(Approval.Status.WITHDRAWN);
    }

    @Test
    void aTimeoutNeverForgetsACallWhoseOutcomeIsUnknown() {
        EngineFixture engine = engine("- {id: a, tool: once, timeout: PT1H}");
        engine.tools = _ -> new ToolOutcome.Unknown("timeout", "No answer came.");
        RunId id = submit(engine);
        engine.work();

        pass(engine, Duration.ofHours(2));

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.HELD);
        assertThat(engine.run(id).hold().orElseThrow().reason())
                .isEqualTo(Hold.Reason.UNKNOWN_OUTCOME);
    }

    @Test
    void aFailureThatIsIsolatedIsSeenByWhatNeedsTheStep() {
        EngineFixture engine =
                engine(
                        """
                        - {id: a, tool: look, onFailure: continue}
                        - {id: b, needs: [a], when: "steps.a.status == 'failed'", tool: key, input: "{'why': steps.a.error.code}"}
                        """);
        engine.tools = call -> call.tool().name().equals("look") ? failed("http_404") : OK;
        RunId id = submit(engine);

        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls.getLast().arguments())
                .isEqualTo(Json.of(Map.of("why", "http_404")));
    }

    private static final String SAGA =
            """
            - {id: hotel, tool: key, compensate: {tool: undo, input: "{'what': steps.hotel.output.id}"}}
            - {id: car, needs: [hotel], tool: key, compensate: {tool: undo, input: "{'what': steps.car.output.id}"}}
            - {id: note, needs: [car], tool: look}
            - {id: flight, needs: [note], tool: once, onFailure: compensate, compensate: {tool: undo}}
            """;

    /// The flight fails; what was booked has a number each.
    private static EngineFixture saga() {
        EngineFixture engine = engine(SAGA);
        engine.tools =
                call ->
                        call.tool().name().equals("once")
                                ? failed("sold_out")
                                : new ToolOutcome.Succeeded(
                                        Json.of(Map.of("id", engine.calls.size())));
        return engine;
    }

    @Test
    void whatHasCompletedIsUndoneNewestFirstAndThenTheRunFails() {
        EngineFixture engine = saga();
        RunId id = submit(engine);

        engine.work();

        assertThat(calls(engine)).containsExactly("key", "key", "look", "once", "undo", "undo");
        assertThat(engine.calls.stream().<Json>map(ToolInvocation::arguments).skip(4))
                .containsExactly(Json.of(Map.of("what", 2)), Json.of(Map.of("what", 1)));
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.FAILED);
        assertThat(engine.run(id).error().orElseThrow().message())
                .contains("The step 'flight' failed: sold_out")
                .endsWith("What had completed is undone.");
    }

    @Test
    void aCompensationThatFailsHoldsTheRunAndReleasingItTriesAgain() {
        EngineFixture engine = saga();
        var answering = engine.tools;
        engine.tools =
                call ->
                        call.tool().name().equals("undo")
                                ? failed("closed")
                                : answering.apply(call);
        RunId id = submit(engine);
        engine.work();
        Hold hold = engine.run(id).hold().orElseThrow();
        engine.tools = answering;

        engine.command(id, new Ask.Release());
        engine.work();

        assertThat(hold.reason()).isEqualTo(Hold.Reason.COMPENSATION_FAILED);
        assertThat(hold.detail())
                .startsWith("What the step 'car' did could not be undone: the call of undo (")
                .contains("closed");
        assertThat(calls(engine)).filteredOn("undo"::equals).hasSize(3);
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.FAILED);
    }

    @Test
    void aCompensationThatWasDoneByHandIsReconciledAndTheRestIsUndone() {
        EngineFixture engine = saga();
        var answering = engine.tools;
        engine.tools =
                call ->
                        call.tool().name().equals("undo")
                                ? failed("closed")
                                : answering.apply(call);
        RunId id = submit(engine);
        engine.work();
        Hold hold = engine.run(id).hold().orElseThrow();
        engine.tools = answering;

        engine.command(
                id, new Ask.Reconcile(hold.effectId().orElseThrow(), true, Optional.empty()));
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.FAILED);
        assertThat(calls(engine)).filteredOn("undo"::equals).hasSize(2);
        assertThat(engine.calls.getLast().arguments()).isEqualTo(Json.of(Map.of("what", 1)));
    }

    @Test
    void nothingIsUndoneBeforeItIsKnownWhatEveryCallDid() {
        EngineFixture engine =
                engine(
                        """
                        - {id: bad, tool: look, onFailure: compensate}
                        - {id: slow, tool: once, compensate: {tool: undo}}
                        - {id: person, tool: signed}
                        """);
        engine.tools =
                call ->
                        switch (call.tool().name()) {
                            case "look" -> failed("gone");
                            case "once" -> new ToolOutcome.Unknown("timeout", "No answer came.");
                            default -> OK;
                        };
        RunId id = submit(engine);
        engine.work();
        RunStatus first = engine.run(id).status();
        int before = engine.calls.size();

        engine.command(
                id,
                new Ask.Reconcile(
                        engine.run(id).hold().orElseThrow().effectId().orElseThrow(),
                        true,
                        Optional.empty()));
        engine.work();

        assertThat(first).isEqualTo(RunStatus.HELD);
        assertThat(before).isEqualTo(2);
        assertThat(calls(engine)).containsExactly("look", "once", "undo");
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.FAILED);
        assertThat(engine.approval(id).status()).isEqualTo(Approval.Status.WITHDRAWN);
    }

    @Test
    void aCompensationMayNeedApprovalLikeAnyOtherCall() {
        EngineFixture engine =
                engine(
                        """
                        - {id: a, tool: key, compensate: {tool: signed}}
                        - {id: b, needs: [a], tool: look, onFailure: compensate}
                        """);
        engine.tools = call -> call.tool().name().equals("look") ? failed("gone") : OK;
        RunId id = submit(engine);
        engine.work();
        WaitingOn waiting = engine.run(id).waitingOn().orElseThrow();

        engine.decide(engine.approval(id), Choice.APPROVE, Optional.empty());
        engine.work();

        assertThat(waiting.kind()).isEqualTo(WaitingOn.Kind.APPROVAL);
        assertThat(calls(engine)).containsExactly("key", "look", "signed");
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.FAILED);
    }
}
