package dev.signalbox.runtime.model.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.definition.CelExpressions;
import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.agent.ScriptTurn;
import dev.signalbox.domain.agent.ScriptTurn.ScriptCall;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.policy.Expression;
import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.runtime.model.ChatMessage;
import dev.signalbox.runtime.model.ChatMessage.AssistantMessage;
import dev.signalbox.runtime.model.ChatMessage.ModelToolCall;
import dev.signalbox.runtime.model.ChatMessage.ToolResultMessage;
import dev.signalbox.runtime.model.ChatMessage.UserMessage;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.model.ModelReply.Answered;
import dev.signalbox.runtime.model.ModelReply.Refused;
import dev.signalbox.runtime.model.ModelRequest;
import dev.signalbox.support.FakeExpressions;
import dev.signalbox.support.SampleAgents;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScriptedModelTest {

    private static final Json INPUT = Json.of(Map.of("orderId", "A-100"));
    private static final UserMessage QUESTION = new UserMessage("refund A-100");
    private static final Json ORDER = Json.of(Map.of("total", 100));

    private final FakeExpressions expressions =
            new FakeExpressions()
                    .when("order", variables -> variables.get("input"))
                    .when("results[0]", variables -> results(variables).getFirst())
                    .when("results[0].total", variables -> total(variables))
                    .when("big", variables -> total(variables).equals(Json.number(100)))
                    .when("small", variables -> !total(variables).equals(Json.number(100)))
                    .when("none yet", variables -> results(variables).isEmpty())
                    .when("a text", _ -> "yes");
    private final ScriptedModel model = new ScriptedModel(expressions);

    @Test
    void firstTurnCallsToolsWithArgumentsOfTheInput() {
        List<ScriptTurn> script = List.of(calls("orders.lookup", "order"), text("done"));

        ModelReply reply = play(script, QUESTION);

        assertThat(reply)
                .isEqualTo(
                        new Answered(
                                Optional.empty(),
                                List.of(new ModelToolCall("call-1-1", "orders.lookup", INPUT)),
                                TokenUsage.NONE,
                                "demo",
                                "tool_calls"));
    }

    @Test
    void textIsFilledWithWhatToolsAnswered() {
        List<ScriptTurn> script =
                List.of(
                        calls("orders.lookup", "order"),
                        text("{\"refunded\": ${results[0].total}}"));

        ModelReply reply = play(script, QUESTION, called("call-1-1"), result("call-1-1", ORDER));

        assertThat(text(reply)).isEqualTo("{\"refunded\": 100}");
    }

    @Test
    void turnWhoseConditionIsFalseIsSkipped() {
        List<ScriptTurn> script =
                List.of(
                        calls("orders.lookup", "order"),
                        text("small", "paid"),
                        text("big", "asked"));

        ModelReply reply = play(script, QUESTION, called("call-1-1"), result("call-1-1", ORDER));

        assertThat(text(reply)).isEqualTo("asked");
    }

    @Test
    void earlierTurnsAreChosenWithTheResultsOfTheirTime() {
        // Were "none yet" judged with today's results, the first turn would count as skipped, and
        // the
        // second as played.
        List<ScriptTurn> script =
                List.of(
                        new ScriptTurn(
                                Optional.of(new Expression("none yet")),
                                List.of(call("orders.lookup", "order")),
                                Optional.empty()),
                        text("second"));

        ModelReply reply = play(script, QUESTION, called("call-1-1"), result("call-1-1", ORDER));

        assertThat(text(reply)).isEqualTo("second");
    }

    @Test
    void findingOfTheVerifierMovesOnToTheNextTurn() {
        List<ScriptTurn> script = List.of(text("wrong"), text("right"));

        ModelReply reply =
                play(
                        script,
                        QUESTION,
                        new AssistantMessage(Optional.of("wrong"), List.of()),
                        new UserMessage("Your answer did not pass verification"));

        assertThat(text(reply)).isEqualTo("right");
    }

    @Test
    void callsOfOneTurnHaveIdsOfTheirOwn() {
        ScriptTurn turn =
                new ScriptTurn(
                        Optional.empty(),
                        List.of(call("orders.lookup", "order"), call("orders.lookup", "order")),
                        Optional.empty());

        ModelReply reply = play(List.of(turn), QUESTION);

        assertThat(((Answered) reply).calls())
                .extracting(ModelToolCall::callId)
                .containsExactly("call-1-1", "call-1-2");
    }

    @Test
    void scriptAtItsEndRefuses() {
        ModelReply reply =
                play(
                        List.of(text("only")),
                        QUESTION,
                        new AssistantMessage(Optional.of("only"), List.of()),
                        new UserMessage("once more"));

        assertThat(reply).isInstanceOf(Refused.class);
        assertThat(((Refused) reply).code()).isEqualTo("script_exhausted");
    }

    @Test
    void expressionThatCannotBeEvaluatedRefusesWithItsPlace() {
        ModelReply reply = play(List.of(text("results[0].total", "unreachable")), QUESTION);

        assertThat(((Refused) reply).code()).isEqualTo("script_error");
        assertThat(((Refused) reply).detail()).contains("script[0].when", "results[0].total");
    }

    @Test
    void conditionThatIsNoBooleanRefuses() {
        ModelReply reply = play(List.of(text("a text", "never")), QUESTION);

        assertThat(((Refused) reply).detail()).contains("neither true nor false");
    }

    @Test
    void argumentsThatAreNoObjectRefuse() {
        ModelReply reply = play(List.of(calls("orders.lookup", "a text")), QUESTION);

        assertThat(((Refused) reply).detail())
                .contains("script[0].tools[0].arguments", "not an object");
    }

    @Test
    void scriptOfTheRefundDeskPlaysWithCel() {
        List<ScriptTurn> script =
                List.of(
                        calls("orders.lookup", "{'orderId': input.orderId}"),
                        text("results[0].total > 500.0", "Too much."),
                        calls(
                                "payments.refund",
                                "{'orderId': input.orderId, 'amount': results[0].total}"),
                        text("{\"refunded\": ${results[1].amount}}"));
        ScriptedModel real = new ScriptedModel(new CelExpressions());

        ModelReply third =
                play(
                        real,
                        script,
                        QUESTION,
                        called("call-1-1"),
                        result("call-1-1", ORDER),
                        called("call-3-1"),
                        result("call-3-1", Json.of(Map.of("amount", 100))));

        assertThat(text(third)).isEqualTo("{\"refunded\": 100}");
    }

    private ModelReply play(List<ScriptTurn> script, ChatMessage... messages) {
        return play(model, script, messages);
    }

    private static ModelReply play(
            ScriptedModel model, List<ScriptTurn> script, ChatMessage... messages) {
        ModelRef ref = new ModelRef(Provider.SCRIPTED, "demo", Optional.empty(), Optional.empty());
        return model.chat(
                        new ModelRequest(
                                new EffectId("run-m1"),
                                SampleAgents.agent(ref, script, Optional.empty()),
                                INPUT,
                                List.of(messages)))
                .await()
                .indefinitely();
    }

    private static String text(ModelReply reply) {
        return ((Answered) reply).text().orElseThrow();
    }

    private static ScriptTurn text(String text) {
        return new ScriptTurn(Optional.empty(), List.of(), Optional.of(text));
    }

    private static ScriptTurn text(String when, String text) {
        return new ScriptTurn(Optional.of(new Expression(when)), List.of(), Optional.of(text));
    }

    private static ScriptTurn calls(String tool, String arguments) {
        return new ScriptTurn(Optional.empty(), List.of(call(tool, arguments)), Optional.empty());
    }

    private static ScriptCall call(String tool, String arguments) {
        return new ScriptCall(tool, new Expression(arguments));
    }

    private static AssistantMessage called(String callId) {
        return new AssistantMessage(
                Optional.empty(), List.of(new ModelToolCall(callId, "orders.lookup", INPUT)));
    }

    private static ToolResultMessage result(String callId, Json content) {
        return new ToolResultMessage(callId, "orders.lookup", true, content);
    }

    private static List<Json> results(Map<String, Json> variables) {
        return ((JsonArray) variables.get("results")).items();
    }

    private static Json total(Map<String, Json> variables) {
        return ((JsonObject) results(variables).getFirst()).get("total");
    }
}
