package dev.signalbox.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Decision.Choice;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.support.Workflows;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Steps that wait for a time, a signal or people, and steps that check.
class WorkflowWaitsTest {

    private static EngineFixture engine(String steps) {
        return new EngineFixture(Workflows.of(steps));
    }

    private static RunId submit(EngineFixture engine) {
        return engine.submit(Json.of(Map.of("at", "2026-01-02T00:00:00Z")));
    }

    private static void pass(EngineFixture engine, Duration time) {
        engine.now = engine.now.plus(time);
        engine.work();
    }

    private static WaitingOn waiting(EngineFixture engine, RunId id) {
        return engine.run(id).waitingOn().orElseThrow();
    }

    @Test
    void aStepWaitsByTheStoresClockWithoutALeaseAndGoesOnAtItsTime() {
        EngineFixture engine =
                engine("- {id: a, wait: {duration: PT1H}}\n- {id: b, needs: [a], tool: look}");
        RunId id = submit(engine);
        engine.work();
        WaitingOn waiting = waiting(engine, id);
        pass(engine, Duration.ofMinutes(59));
        RunStatus before = engine.run(id).status();

        pass(engine, Duration.ofMinutes(1));

        assertThat(waiting.kind()).isEqualTo(WaitingOn.Kind.TIMER);
        assertThat(waiting.detail()).isEqualTo("The step 'a' waits until 2026-01-01T01:00:00Z.");
        assertThat(before).isEqualTo(RunStatus.WAITING);
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.types(id)).containsOnlyOnce("timer_set", "timer_fired");
    }

    @Test
    void aStepWaitsUntilTheTimeThatAnExpressionGives() {
        EngineFixture engine = engine("- {id: a, wait: {until: \"input.at\"}}");
        RunId id = submit(engine);

        engine.work();

        assertThat(waiting(engine, id).until()).contains(Instant.parse("2026-01-02T00:00:00Z"));
    }

    @Test
    void aTimeThatHasPassedIsNoWait() {
        EngineFixture engine =
                engine(
                        "- {id: a, wait: {until: \"timestamp(input.at) - duration('48h')\"}}\n"
                                + "- {id: b, wait: {until: 2025-01-01T00:00:00+01:00}}");
        RunId id = submit(engine);

        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
    }

    private static final String SIGNALLED =
            """
            - {id: a, wait: {signal: paid}, timeout: PT1H, onFailure: continue}
            - {id: b, needs: [a], tool: look, input: "{'got': steps.a.output, 'how': steps.a.status}"}
            """;

    @Test
    void aSignalReachesTheStepThatWaitsForIt() {
        EngineFixture engine = engine(SIGNALLED);
        RunId id = submit(engine);
        engine.work();
        WaitingOn waiting = waiting(engine, id);

        engine.command(id, new Ask.Signal("paid", Json.of(Map.of("sum", 3))));
        engine.work();

        assertThat(waiting.kind()).isEqualTo(WaitingOn.Kind.SIGNAL);
        assertThat(waiting.detail())
                .isEqualTo("The step 'a' waits for the signal 'paid' until 2026-01-01T01:00:00Z.");
        assertThat(engine.calls.getLast().arguments())
                .isEqualTo(Json.of(Map.of("got", Map.of("sum", 3), "how", "completed")));
    }

    @Test
    void aSignalThatComesBeforeItsStepIsKeptAndEachGoesToOneStep() {
        EngineFixture engine =
                engine(
                        """
                        - {id: first, wait: {duration: PT1H}}
                        - {id: a, needs: [first], wait: {signal: paid}}
                        - {id: b, needs: [first], wait: {signal: paid}}
                        """);
        RunId id = submit(engine);
        engine.command(id, new Ask.Signal("paid", Json.text("one")));
        engine.command(id, new Ask.Signal("other", Json.text("nobody waits for it")));
        engine.work();
        pass(engine, Duration.ofHours(1));
        RunStatus half = engine.run(id).status();

        engine.command(id, new Ask.Signal("paid", Json.text("two")));
        engine.work();

        assertThat(half).isEqualTo(RunStatus.WAITING);
        assertThat(engine.run(id).output())
                .contains(Json.of(Map.of("a", "one", "b", "two")).digest());
    }

    @Test
    void aSignalThatDoesNotComeInTimeIsAFailureLikeAnyOther() {
        EngineFixture engine = engine(SIGNALLED);
        RunId id = submit(engine);
        engine.work();

        pass(engine, Duration.ofHours(1));

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls.getLast().arguments())
                .isEqualTo(Json.of(Map.of("got", Json.JsonNull.NULL, "how", "failed")));
    }

    @Test
    void aWaitingRunCanBePausedAndItsTimeDoesNotBeginTheNextStep() {
        EngineFixture engine =
                engine("- {id: a, wait: {duration: PT1H}}\n- {id: b, needs: [a], tool: look}");
        RunId id = submit(engine);
        engine.work();
        engine.command(id, new Ask.Pause());
        engine.work();
        pass(engine, Duration.ofHours(1));
        int paused = engine.calls.size();

        engine.command(id, new Ask.Resume());
        engine.work();

        assertThat(paused).isZero();
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
    }

    private static final String DECIDED =
            """
            - id: review
              approval: {approvers: ["role:lead"], message: "Pay it?", expiresIn: PT2H}
              input: "{'when': input.at}"
              onFailure: CONSEQUENCE
            - {id: b, needs: [review], tool: look, input: "{'said': steps.review.output}"}
            """;

    @Test
    void aDecisionAndItsReasonAreTheStepsOutput() {
        EngineFixture engine = engine(DECIDED.replace("CONSEQUENCE", "fail"));
        RunId id = submit(engine);
        engine.work();
        Approval asked = engine.approval(id);

        engine.decide(asked, Choice.APPROVE, Optional.empty());
        engine.work();

        assertThat(asked.reason()).isEqualTo("Pay it?");
        assertThat(asked.arguments())
                .isEqualTo(Json.of(Map.of("when", "2026-01-02T00:00:00Z")).digest());
        assertThat(engine.calls.getLast().arguments())
                .isEqualTo(
                        Json.of(
                                Map.of(
                                        "said",
                                        Map.of(
                                                "decision", "approved",
                                                "by", List.of("alice"),
                                                "reason", "because"))));
    }

    @Test
    void aRejectionStopsTheRunUnlessTheStepSaysToGoOn() {
        EngineFixture strict = engine(DECIDED.replace("CONSEQUENCE", "fail"));
        EngineFixture lenient = engine(DECIDED.replace("CONSEQUENCE", "continue"));
        RunId failing = submit(strict);
        RunId going = submit(lenient);
        strict.work();
        lenient.work();

        strict.decide(strict.approval(failing), Choice.REJECT, Optional.empty());
        lenient.decide(lenient.approval(going), Choice.REJECT, Optional.empty());
        strict.work();
        lenient.work();

        assertThat(strict.run(failing).error().orElseThrow().message())
                .isEqualTo("The step 'review' failed: rejected: alice: because");
        assertThat(strict.calls).isEmpty();
        assertThat(lenient.run(going).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(lenient.calls.getLast().arguments().canonical()).contains("\"rejected\"");
    }

    @Test
    void aDecisionThatNobodyMakesInTimeFailsTheStep() {
        EngineFixture engine = engine(DECIDED.replace("CONSEQUENCE", "fail"));
        RunId id = submit(engine);
        engine.work();

        pass(engine, Duration.ofHours(2));

        assertThat(engine.run(id).error().orElseThrow().message())
                .startsWith("The step 'review' failed: expired: ");
        assertThat(engine.approval(id).status()).isEqualTo(Approval.Status.EXPIRED);
    }

    @Test
    void aCheckThatDoesNotHoldFailsItsStep() {
        EngineFixture engine =
                engine(
                        """
                        - {id: look, tool: look}
                        - {id: good, needs: [look], verify: "steps.look.output.ok"}
                        - {id: bad, needs: [good], verify: "steps.good.output && input.at == 'never'"}
                        """);
        RunId id = submit(engine);

        engine.work();

        assertThat(engine.run(id).error().orElseThrow().message())
                .isEqualTo(
                        "The step 'bad' failed: verification_failed: This does not hold:"
                                + " steps.good.output && input.at == 'never'");
    }
}
