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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Tools that are runs of their own.
class AgentAsToolTest {

    private static final String OTHERS =
            """
            ---
            kind: policy
            name: chief
            allow: [ask-clerk]
            rules:
              - id: careful
                when: "tool.name == 'ask-carefully'"
                then: require_approval
                approval: {approvers: ["role:lead"]}
            ---
            kind: tool
            name: ask-clerk
            description: Asks the clerk.
            input: {type: object}
            sideEffect: external_write
            agent: {name: clerk}
            ---
            kind: tool
            name: ask-carefully
            description: Asks the clerk, if people agree.
            input: {type: object}
            sideEffect: external_write
            agent: {name: clerk, version: 1.0.0}
            ---
            kind: agent
            name: clerk
            version: 1.0.0
            model: {provider: scripted}
            instructions: Work.
            tools: [look, signed]
            policy: support
            input: {schema: {type: object, required: [ref]}}
            script: [{text: "{}"}]
            ---
            kind: agent
            name: boss
            version: 1.0.0
            model: {provider: scripted}
            instructions: Have it done.
            tools: [ask-clerk, ask-carefully]
            policy: chief
            limits: {toolCalls: 2}
            script: [{text: "{}"}]
            """;

    private static final Map<String, String> REF = Map.of("ref", "A-1");

    private static Definitions all() {
        return Workflows.all("- {id: a, tool: look}", OTHERS);
    }

    private static EngineFixture engine(ModelReply... replies) {
        EngineFixture engine =
                new EngineFixture(all().latest("boss").orElseThrow(), all().runnable());
        engine.replies.addAll(List.of(replies));
        return engine;
    }

    private static RunId submit(EngineFixture engine) {
        RunId id = engine.submit(Json.of(REF));
        engine.work();
        return id;
    }

    private static ModelReply ask(String tool) {
        return EngineFixture.call(tool, REF);
    }

    private static ModelReply says(String text) {
        return EngineFixture.answer(text);
    }

    @Test
    void theModelGetsWhatTheRunAnswered() {
        EngineFixture engine = engine(ask("ask-clerk"), says("paid 3"), says("done"));

        RunId id = submit(engine);

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.requests.getLast().messages().toString()).contains("paid 3");
        assertThat(engine.run(id).usage().toolCalls()).isEqualTo(1);
        RunSummary child = engine.children(id).getFirst();
        assertThat(child.identity().input()).isEqualTo(Json.of(REF).digest());
        assertThat(child.identity().lineage().root()).isEqualTo(id);
        assertThat(engine.types(id))
                .containsSubsequence(
                        "tool_proposed", "policy_decided", "child_started", "child_settled");
    }

    @Test
    void thePolicyDecidesOnItAndPeopleMayHaveTo() {
        EngineFixture engine = engine(ask("ask-carefully"), says("paid 3"), says("done"));
        RunId id = submit(engine);
        int before = engine.children(id).size();

        engine.decide(engine.approval(id), Choice.APPROVE, Optional.empty());
        engine.work();

        assertThat(before).isZero();
        assertThat(engine.children(id)).hasSize(1);
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void theRunWaitsForItsChildAndSaysSo() {
        EngineFixture engine =
                engine(ask("ask-clerk"), EngineFixture.call("signed", REF), says("x"), says("y"));
        RunId id = submit(engine);
        RunId child = engine.children(id).getFirst().identity().id();
        WaitingOn waiting = engine.run(id).waitingOn().orElseThrow();

        engine.decide(engine.approval(child), Choice.APPROVE, Optional.empty());
        engine.work();

        assertThat(waiting.kind()).isEqualTo(WaitingOn.Kind.CHILD);
        assertThat(waiting.detail())
                .isEqualTo("The call of ask-clerk waits for its child run " + child + ".");
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void theModelHearsOfAChildThatFailedAndGoesOn() {
        EngineFixture engine =
                engine(
                        ask("ask-clerk"),
                        new ModelReply.Refused("bad_request", "the clerk is out"),
                        says("sorry"));

        RunId id = submit(engine);

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.requests.getLast().messages().toString()).contains("the clerk is out");
    }

    @Test
    void argumentsThatAreNoInputOfTheChildMakeNoRun() {
        EngineFixture engine = engine(EngineFixture.call("ask-clerk", Map.of()), says("sorry"));

        RunId id = submit(engine);

        assertThat(engine.children(id)).isEmpty();
        assertThat(engine.requests.getLast().messages().toString()).contains("invalid_input");
    }

    @Test
    void cancellingTheRunCancelsTheChild() {
        EngineFixture engine = engine(ask("ask-clerk"), EngineFixture.call("signed", REF));
        RunId id = submit(engine);

        engine.command(id, new Ask.Cancel());
        engine.work();

        assertThat(engine.children(id).getFirst().status()).isEqualTo(RunStatus.CANCELLED);
    }

    @Test
    void eachIsACallOfTheLimit() {
        EngineFixture engine =
                engine(ask("ask-clerk"), says("1"), ask("ask-clerk"), says("2"), ask("ask-clerk"));

        RunId id = submit(engine);

        assertThat(engine.children(id)).hasSize(2);
        assertThat(engine.run(id).waitingOn().orElseThrow().detail())
                .startsWith("2 tool calls are used up, of 2 tool calls");
    }

    @Test
    void aStepMayCallSuchATool() {
        Definitions all =
                Workflows.all(
                        "- {id: a, tool: look}",
                        OTHERS
                                + """
                                ---
                                kind: workflow
                                name: office
                                version: 1.0.0
                                policy: chief
                                steps:
                                  - {id: a, tool: ask-clerk, input: "{'ref': input.ref}"}
                                """);
        EngineFixture engine =
                new EngineFixture(all.latestWorkflow("office").orElseThrow(), all.runnable());
        engine.replies.add(says("paid 3"));

        RunId id = submit(engine);

        assertThat(engine.run(id).output()).contains(Json.of(Map.of("a", "paid 3")).digest());
    }

    @Test
    void anAgentCarriesTheDigestsOfWhatItsToolsRun() {
        Definitions changed =
                Workflows.all("- {id: a, tool: look}", OTHERS.replace("Work.", "Rest."));
        DefinitionReader reader = new DefinitionReader(new CelExpressions(), new Schemas());

        var read = reader.fromBundle(reader.toBundle(all().latest("boss").orElseThrow()));

        assertThat(read).isEqualTo(all().latest("boss").orElseThrow());
        assertThat(changed.latest("boss").orElseThrow().digest()).isNotEqualTo(read.digest());
    }
}
