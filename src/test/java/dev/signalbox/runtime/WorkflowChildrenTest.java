package dev.signalbox.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.definition.CelExpressions;
import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.definition.Definitions;
import dev.signalbox.definition.Schemas;
import dev.signalbox.domain.approval.Approval.Decision.Choice;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.support.Workflows;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Steps that are runs of their own.
class WorkflowChildrenTest {

    private static final String OTHERS =
            """
            ---
            kind: agent
            name: clerk
            version: 1.0.0
            model: {provider: scripted}
            instructions: Work.
            tools: [look, signed]
            policy: support
            input: {schema: {type: object, required: [ref], properties: {ref: {type: string}}}}
            output: {schema: {type: object}}
            script: [{text: "{}"}]
            ---
            kind: workflow
            name: inner
            version: 1.0.0
            policy: support
            steps:
              - {id: nap, wait: {duration: PT1H}}
              - {id: clerk, needs: [nap], agent: clerk, input: "input"}
            output: "steps.clerk.output"
            """;

    private static final String CLERK =
            "- {id: a, agent: clerk, input: \"{'ref': input.ref}\"%s}\n";

    private static EngineFixture engine(String steps) {
        return engine(steps, "");
    }

    private static EngineFixture engine(String steps, String fields) {
        Definitions all = Workflows.all(steps, fields + OTHERS);
        return new EngineFixture(all.latestWorkflow("w").orElseThrow(), all.runnable());
    }

    private static RunId submit(EngineFixture engine) {
        RunId id = engine.submit(Json.of(Map.of("ref", "A-1")));
        engine.work();
        return id;
    }

    private static ModelReply says(String json) {
        return EngineFixture.answer(json);
    }

    private static ModelReply gaveUp() {
        return new ModelReply.Refused("bad_request", "never");
    }

    private static RunSummary child(EngineFixture engine, RunId id) {
        return engine.children(id).getLast();
    }

    @Test
    void whatTheChildAnswersIsTheOutputOfTheStep() {
        EngineFixture engine =
                engine(
                        CLERK.formatted("")
                                + "- {id: b, needs: [a], tool: look, input: \"steps.a.output\"}");
        engine.replies.add(says("{\"paid\": 3}"));

        RunId id = submit(engine);

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls.getLast().arguments()).isEqualTo(Json.of(Map.of("paid", 3)));
        assertThat(engine.types(id)).containsOnlyOnce("child_started", "child_settled");
        RunSummary child = child(engine, id);
        assertThat(child.identity().lineage().root()).isEqualTo(id);
        assertThat(child.identity().lineage().level()).contains(1);
        assertThat(child.identity().requestedBy()).isEqualTo("svc-shop");
        assertThat(child.identity().traceId()).isEqualTo(engine.run(id).identity().traceId());
        assertThat(child.identity().input()).isEqualTo(Json.of(Map.of("ref", "A-1")).digest());
    }

    @Test
    void theParentWaitsWithoutALeaseAndSaysForWhichRun() {
        EngineFixture engine = engine(CLERK.formatted(""));
        engine.replies.add(EngineFixture.call("signed", Map.of()));
        engine.replies.add(says("{}"));
        RunId id = submit(engine);
        RunSummary child = child(engine, id);
        WaitingOn waiting = engine.run(id).waitingOn().orElseThrow();

        engine.decide(engine.approval(child.identity().id()), Choice.APPROVE, Optional.empty());
        engine.work();

        assertThat(child.status()).isEqualTo(RunStatus.WAITING);
        assertThat(waiting.kind()).isEqualTo(WaitingOn.Kind.CHILD);
        assertThat(waiting.detail())
                .isEqualTo("The step 'a' waits for its child run " + child.identity().id() + ".");
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aChildThatFailsFailsItsStepWithItsOwnErrorUnlessTheStepSaysToGoOn() {
        EngineFixture strict = engine(CLERK.formatted(""));
        EngineFixture lenient =
                engine(
                        CLERK.formatted(", onFailure: continue")
                                + "- {id: b, needs: [a], tool: look, input: \"{'how':"
                                + " steps.a.error.code}\"}");
        strict.replies.add(gaveUp());
        lenient.replies.add(gaveUp());

        RunId failing = submit(strict);
        RunId going = submit(lenient);

        String code = child(strict, failing).error().orElseThrow().code();
        assertThat(strict.run(failing).error().orElseThrow().message())
                .startsWith("The step 'a' failed: " + code + ": ");
        assertThat(lenient.run(going).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(lenient.calls.getLast().arguments()).isEqualTo(Json.of(Map.of("how", code)));
    }

    @Test
    void aStepThatIsTriedAgainGetsAnotherRun() {
        EngineFixture engine = engine(CLERK.formatted(", retry: {maxAttempts: 2, delay: PT1S}"));
        engine.replies.add(gaveUp());
        engine.replies.add(says("{}"));
        RunId id = submit(engine);

        engine.now = engine.now.plusSeconds(1);
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.children(id)).hasSize(2);
    }

    @Test
    void cancellingARunCancelsAllThatIsBelowIt() {
        EngineFixture engine = engine("- {id: a, workflow: inner, input: \"{'ref': 'x'}\"}");
        engine.replies.add(EngineFixture.call("signed", Map.of()));
        RunId id = submit(engine);
        engine.now = engine.now.plus(Duration.ofHours(1));
        engine.work();
        RunId inner = child(engine, id).identity().id();
        RunId clerk = child(engine, inner).identity().id();

        engine.command(id, new Ask.Cancel());
        engine.work();

        assertThat(List.of(engine.run(id), engine.run(inner), engine.run(clerk)))
                .extracting(RunSummary::status)
                .containsOnly(RunStatus.CANCELLED);
        assertThat(engine.run(clerk).identity().lineage().level()).contains(2);
        assertThat(engine.run(clerk).identity().lineage().root()).isEqualTo(id);
    }

    @Test
    void aStepThatHasHadItsTimeCancelsItsRun() {
        EngineFixture engine =
                engine(
                        "- {id: a, workflow: inner, input: \"{'ref': 'x'}\", timeout: PT1M,"
                                + " onFailure: continue}");
        RunId id = submit(engine);

        engine.now = engine.now.plus(Duration.ofMinutes(1));
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(child(engine, id).status()).isEqualTo(RunStatus.CANCELLED);
    }

    @Test
    void aFailureBesideAChildCancelsIt() {
        EngineFixture engine =
                engine(
                        "- {id: a, workflow: inner, input: \"{'ref': 'x'}\"}\n"
                                + "- {id: b, tool: forbidden}");

        RunId id = submit(engine);

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.FAILED);
        assertThat(child(engine, id).status()).isEqualTo(RunStatus.CANCELLED);
    }

    @Test
    void aChildIsCancelledBeforeWhatHasCompletedIsUndone() {
        EngineFixture engine =
                engine(
                        CLERK.formatted(", compensate: {tool: undo, input: \"steps.a.output\"}")
                                + "- {id: b, needs: [a], workflow: inner, input: \"{'ref':"
                                + " 'x'}\"}\n"
                                + "- {id: c, needs: [a], tool: forbidden, onFailure: compensate}");
        engine.replies.add(says("{\"paid\": 3}"));

        RunId id = submit(engine);

        assertThat(engine.run(id).error().orElseThrow().message())
                .endsWith("What had completed is undone.");
        assertThat(engine.calls.getLast().tool().name()).isEqualTo("undo");
        assertThat(engine.calls.getLast().arguments()).isEqualTo(Json.of(Map.of("paid", 3)));
        assertThat(child(engine, id).status()).isEqualTo(RunStatus.CANCELLED);
    }

    @Test
    void aHeldParentHearsOfItsChildWhenItIsReleased() {
        EngineFixture engine = engine("- {id: a, workflow: inner, input: \"{'ref': 'x'}\"}");
        engine.replies.add(says("{}"));
        RunId id = submit(engine);
        engine.command(id, new Ask.HoldRun());
        engine.work();
        engine.now = engine.now.plus(Duration.ofHours(1));
        engine.work();
        RunStatus held = engine.run(id).status();

        engine.command(id, new Ask.Release());
        engine.work();

        assertThat(held).isEqualTo(RunStatus.HELD);
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aCancelledChildIsAFailureOfItsStepThatIsNotTriedAgain() {
        EngineFixture engine =
                engine(
                        "- {id: a, workflow: inner, input: \"{'ref': 'x'}\", retry: {maxAttempts:"
                                + " 3}}");
        RunId id = submit(engine);

        engine.command(child(engine, id).identity().id(), new Ask.Cancel());
        engine.work();

        assertThat(engine.run(id).error().orElseThrow().message())
                .startsWith("The step 'a' failed: cancelled: workflow:inner: cancelled by olga");
        assertThat(engine.children(id)).hasSize(1);
    }

    @Test
    void anInputThatDoesNotFitMakesNoRun() {
        EngineFixture engine = engine("- {id: a, agent: clerk, input: \"{'ref': 1}\"}");

        RunId id = submit(engine);

        assertThat(engine.run(id).error().orElseThrow().message())
                .startsWith("The step 'a' failed: invalid_input: ");
        assertThat(engine.children(id)).isEmpty();
    }

    @Test
    void aWorkflowHasItsLimitOfChildren() {
        EngineFixture engine =
                engine(
                        CLERK.formatted("")
                                + "- {id: b, needs: [a], agent: clerk, input: \"input\", onFailure:"
                                + " continue}",
                        "limits: {children: 1}\n");
        engine.replies.add(says("{}"));

        RunId id = submit(engine);

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.children(id)).hasSize(1);
        assertThat(engine.journal(id).toString()).contains("The limit of 1 child runs is used up.");
    }

    @Test
    void aWorkflowCarriesTheDigestsOfWhatItRuns() {
        Definitions all = Workflows.all("- {id: a, workflow: inner}", OTHERS);
        Definitions changed =
                Workflows.all("- {id: a, workflow: inner}", OTHERS.replace("Work.", "Rest."));
        DefinitionReader reader = new DefinitionReader(new CelExpressions(), new Schemas());

        var read = reader.fromBundle(reader.toBundle(all.latestWorkflow("w").orElseThrow()));

        assertThat(read).isEqualTo(all.latestWorkflow("w").orElseThrow());
        assertThat(changed.latestWorkflow("w").orElseThrow().digest()).isNotEqualTo(read.digest());
    }
}
