package dev.signalbox.runtime.model.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.tool.HttpCall.Method;
import dev.signalbox.domain.tool.Idempotency;
import dev.signalbox.domain.tool.SideEffect;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.runtime.model.ChatMessage;
import dev.signalbox.runtime.model.ChatMessage.AssistantMessage;
import dev.signalbox.runtime.model.ChatMessage.ModelToolCall;
import dev.signalbox.runtime.model.ChatMessage.ToolResultMessage;
import dev.signalbox.runtime.model.ChatMessage.UserMessage;
import dev.signalbox.runtime.model.ModelPort;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.model.ModelReply.Answered;
import dev.signalbox.runtime.model.ModelReply.Refused;
import dev.signalbox.runtime.model.ModelReply.TryAgain;
import dev.signalbox.runtime.model.ModelRequest;
import dev.signalbox.support.OpenAiReply;
import dev.signalbox.support.SampleAgents;
import dev.signalbox.support.provider.ProviderStub;
import dev.signalbox.support.provider.ProviderWire;
import dev.signalbox.support.provider.ProviderWire.Call;
import dev.signalbox.wire.JsonCodec;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every provider's adapter promises, against a stub that is as strict as the provider.
public abstract class ProviderContract {

    protected static final String KEY = "key-0123456789abcdef";
    protected static final UserMessage QUESTION = new UserMessage("refund A-100");
    protected static final JsonObject OUTPUT =
            JsonCodec.parseObject(
                    """
                    {"type": "object", "additionalProperties": false, "required": ["refunded"],
                     "properties": {"refunded": {"type": "number"}}}
                    """);
    protected static final String LOOKUP_SCHEMA =
            """
            {"type": "object", "required": ["orderId"], "additionalProperties": false,
             "properties": {"orderId": {"type": "string", "minLength": 3, "maxLength": 100},
                            "depth": {"oneOf": [{"type": "integer"}, {"type": "null"}]}}}
            """;
    protected static final ToolDefinition LOOKUP =
            SampleAgents.tool(
                    "orders.lookup",
                    LOOKUP_SCHEMA,
                    SideEffect.READ,
                    Idempotency.NONE,
                    Method.GET,
                    "http://127.0.0.1/");
    protected static final InstantSource CLOCK =
            InstantSource.fixed(Instant.parse("2026-05-01T10:00:00Z"));
    protected static final Duration PATIENCE = Duration.ofMillis(700);

    protected ProviderWire wire;
    protected ProviderStub stub;
    private ModelPort model;

    protected abstract ProviderWire wire();

    /// A model behind `origin`, or one that nothing is configured for.
    protected abstract ModelPort model(Optional<String> origin, Optional<String> key);

    protected abstract void close(ModelPort model);

    /// The model's name in requests.
    protected abstract ModelRef ref();

    @BeforeEach
    void start() throws Exception {
        wire = wire();
        stub = ProviderStub.start(wire);
        model = model(Optional.of(stub.origin()), Optional.of(KEY));
    }

    @AfterEach
    void stop() {
        close(model);
        stub.close();
    }

    @Test
    void textComesWithTheModelThatAnswered() {
        stub.requireKey(KEY).reply(wire.text("Refunded."));

        ModelReply reply = chat(QUESTION);

        assertThat(stub.refusals()).isEmpty();
        Answered answer = (Answered) reply;
        assertThat(answer.text()).contains("Refunded.");
        assertThat(answer.calls()).isEmpty();
        assertThat(answer.model()).isEqualTo("stub-model-1");
        assertThat(answer.finishReason()).isEqualTo("stop");
        assertThat(answer.usage().inputTokens()).isEqualTo(12);
        assertThat(answer.usage().outputTokens()).isEqualTo(5);
    }

    @Test
    void effectIdGoesAlongAsIdempotencyKey() {
        stub.reply(wire.text("ok"));

        chat(QUESTION);

        assertThat(stub.requests().getFirst().header("Idempotency-Key")).contains("run-m1");
    }

    @Test
    void parallelCallsComeBackUnderTheToolsOwnNames() {
        stub.reply(
                wire.calls(
                        new Call("c1", "orders_lookup", "{\"orderId\": \"A-100\"}"),
                        new Call("c2", "orders_lookup", "{\"orderId\": \"A-200\"}")));

        Answered answer = (Answered) chat(QUESTION);

        assertThat(answer.finishReason()).isEqualTo("tool_calls");
        assertThat(answer.calls())
                .extracting(ModelToolCall::tool, ModelToolCall::arguments)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("orders.lookup", order("A-100")),
                        org.assertj.core.groups.Tuple.tuple("orders.lookup", order("A-200")));
        assertThat(answer.calls()).extracting(ModelToolCall::callId).doesNotHaveDuplicates();
    }

    @Test
    void schemaOfAToolGoesOutAsItIsWritten() {
        stub.reply(wire.text("ok"));

        chat(QUESTION);

        assertThat(stub.refusals()).isEmpty();
        assertThat(wire.parameters(stub.requests().getFirst().body(), 0))
                .isEqualTo(JsonCodec.parse(LOOKUP_SCHEMA));
    }

    @Test
    void wholeConversationGoesOutAsTheProtocolWantsIt() {
        stub.reply(wire.text("done"));

        chat(
                QUESTION,
                new AssistantMessage(
                        Optional.of("I look"),
                        List.of(
                                new ModelToolCall("c1", "orders.lookup", order("A-100")),
                                new ModelToolCall("c2", "made.up", Json.text("{\"bro")))),
                new ToolResultMessage("c1", "orders.lookup", true, Json.of(Map.of("total", 100))),
                new ToolResultMessage("c2", "made.up", false, Json.text("no such tool")),
                new AssistantMessage(
                        Optional.empty(),
                        List.of(new ModelToolCall("c3", "orders.lookup", order("A-200")))),
                new ToolResultMessage("c3", "orders.lookup", true, Json.text("")),
                new AssistantMessage(Optional.of(" "), List.of()),
                new UserMessage("That did not pass verification."));

        assertThat(stub.refusals()).isEmpty();
        assertThat(stub.requests()).hasSize(1);
    }

    @Test
    void modelSettingsAndAnOutputSchemaGoAlong() {
        stub.reply(wire.text("{\"refunded\": 1}"));
        ModelRef settings =
                new ModelRef(
                        ref().provider(),
                        ref().name(),
                        Optional.of(new BigDecimal("0.5")),
                        Optional.of(100));

        chat(SampleAgents.agent(settings, List.of(), Optional.of(OUTPUT)), QUESTION);

        assertThat(stub.refusals()).isEmpty();
        assertThat(stub.requests().getFirst().body().canonical())
                .contains("0.5", "100", OUTPUT.canonical());
    }

    @Test
    void modelWithToolsIsToldOfTheOutputSchemaToo() {
        stub.reply(wire.text("{\"refunded\": 1}"));

        chat(SampleAgents.agent(ref(), List.of(), Optional.of(OUTPUT), LOOKUP), QUESTION);

        assertThat(stub.refusals()).isEmpty();
        assertThat(stub.requests().getFirst().body().canonical()).contains("refunded");
    }

    @Test
    void rateLimitIsTriedAgainWhenTheServerSaysSo() {
        stub.reply(wire.error(429, "rate_limit_error", "Slow down").header("Retry-After", "7"));

        ModelReply reply = chat(QUESTION);

        assertThat(reply)
                .isEqualTo(
                        new TryAgain(
                                "rate_limited",
                                "the model's server answered 429: Slow down",
                                Optional.of(Duration.ofSeconds(7))));
    }

    @ParameterizedTest
    @CsvSource({
        "408, timeout",
        "429, rate_limited",
        "500, provider_error",
        "503, provider_error",
        "529, provider_error"
    })
    void passingTroubleIsTriedAgain(int status, String code) {
        stub.reply(wire.error(status, "trouble", "later"));

        ModelReply reply = chat(QUESTION);

        assertThat(((TryAgain) reply).code()).isEqualTo(code);
        assertThat(stub.requests()).as("retries are the engine's").hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "400, provider_refused",
        "401, unauthenticated",
        "403, forbidden",
        "404, model_not_found",
        "302, provider_refused"
    })
    void lastingTroubleIsRefused(int status, String code) {
        stub.reply(wire.error(status, "trouble", "no"));

        assertThat(((Refused) chat(QUESTION)).code()).isEqualTo(code);
    }

    @Test
    void keyThatTheServerEchoesIsNotInTheReply() {
        stub.requireKey("another");

        ModelReply reply = chat(QUESTION);

        assertThat(((Refused) reply).code()).isEqualTo("unauthenticated");
        assertThat(reply.toString()).contains("[redacted]").doesNotContain(KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"mess", "<html>login</html>", "", "[]", "{}"})
    void answerThatIsNoneIsTriedAgain(String body) {
        stub.reply(OpenAiReply.raw(200, body));

        ModelReply reply = chat(QUESTION);

        assertThat(((TryAgain) reply).code()).isEqualTo("malformed_answer");
        assertThat(((TryAgain) reply).detail()).doesNotContain("login");
    }

    @Test
    void outputLimitWithoutAnAnswerIsRefused() {
        stub.reply(wire.cutOff());

        assertThat(((Refused) chat(QUESTION)).code()).isEqualTo("output_limit");
    }

    @Test
    void answerThatStartsTooLateTimesOut() {
        stub.reply(wire.text("late").after(Duration.ofSeconds(5)));

        assertThat(((TryAgain) chat(QUESTION)).code()).isEqualTo("timeout");
    }

    @Test
    void connectionThatBreaksInTheAnswerIsTriedAgain() {
        stub.reply(wire.text("cut off").cut());

        assertThat(((TryAgain) chat(QUESTION)).code()).isEqualTo("connection_lost");
    }

    @Test
    void withoutKeyAndBaseUrlTheModelSaysWhatToSet() {
        ModelPort unset = model(Optional.empty(), Optional.empty());

        ModelReply reply = chat(unset);

        assertThat(((Refused) reply).code()).isEqualTo("model_not_configured");
        assertThat(((Refused) reply).detail())
                .contains(
                        "signalbox.models."
                                + ref().provider().name().toLowerCase(java.util.Locale.ROOT));
    }

    @Test
    void somebodyWhoListensHearsTheTextAsItComes() {
        stub.requireKey(KEY).reply(wire.streamed("Ref", "und", "ed."));
        List<String> heard = new CopyOnWriteArrayList<>();

        Answered answer = (Answered) listen(heard::add);

        assertThat(stub.refusals()).isEmpty();
        assertThat(String.join("|", heard)).isEqualTo("Ref|und|ed.");
        assertThat(answer.text()).contains("Refunded.");
        assertThat(answer.model()).isEqualTo("stub-model-1");
        assertThat(answer.finishReason()).isEqualTo("stop");
        assertThat(answer.usage().inputTokens()).isEqualTo(12);
        assertThat(answer.usage().outputTokens()).isEqualTo(5);
    }

    @Test
    void partsAreHeardBeforeTheAnswerIsComplete() throws Exception {
        stub.reply(wire.streamed("first", " last").haltingAfter("first", Duration.ofMillis(300)));
        CompletableFuture<String> first = new CompletableFuture<>();

        CompletableFuture<ModelReply> reply =
                model.chat(listening(first::complete)).subscribeAsCompletionStage();

        assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("first");
        assertThat(reply).as("still being said").isNotDone();
        assertThat(((Answered) reply.get(20, TimeUnit.SECONDS)).text()).contains("first last");
    }

    @Test
    void callsOfAStreamedAnswerComeBackAsThoseOfAWholeOne() {
        stub.reply(
                wire.streamedCalls(
                        new Call("c1", "orders_lookup", "{\"orderId\":\"A-100\"}"),
                        new Call("c2", "orders_lookup", "{\"orderId\":\"A-200\"}")));

        Answered answer = (Answered) listen(_ -> {});

        assertThat(answer.finishReason()).isEqualTo("tool_calls");
        assertThat(answer.calls())
                .extracting(ModelToolCall::tool, ModelToolCall::arguments)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("orders.lookup", order("A-100")),
                        org.assertj.core.groups.Tuple.tuple("orders.lookup", order("A-200")));
        assertThat(answer.usage().outputTokens()).isEqualTo(5);
    }

    @Test
    void streamThatTheServerBreaksOffIsTriedAgain() {
        stub.reply(wire.brokenOff("I am sor", "Overloaded"));

        TryAgain reply = (TryAgain) listen(_ -> {});

        assertThat(reply.code()).isEqualTo("provider_error");
    }

    @Test
    void streamThatBreaksIsTriedAgainAndNeverTakenForAnAnswer() {
        stub.reply(wire.streamed("a", "b", "c", "d").cut());

        assertThat(((TryAgain) listen(_ -> {})).code()).isEqualTo("connection_lost");
    }

    @Test
    void streamThatTakesTooLongTimesOut() {
        stub.reply(wire.streamed("slowly", "spoken").dribbling(Duration.ofMillis(50)));

        assertThat(((TryAgain) listen(_ -> {})).code()).isEqualTo("timeout");
    }

    @ParameterizedTest
    @CsvSource({"429, rate_limited", "500, provider_error"})
    void troubleBeforeTheStreamIsTheSameAsWithoutOne(int status, String code) {
        stub.reply(wire.error(status, "trouble", "later").header("Retry-After", "7"));

        TryAgain reply = (TryAgain) listen(_ -> {});

        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(stub.requests()).hasSize(1);
    }

    @Test
    void serverThatAnswersAsAWholeAllTheSameIsUnderstood() {
        stub.reply(wire.text("Refunded."));
        List<String> heard = new CopyOnWriteArrayList<>();

        Answered answer = (Answered) listen(heard::add);

        assertThat(answer.text()).contains("Refunded.");
        assertThat(heard).isEmpty();
        assertThat(stub.requests()).hasSize(1);
    }

    @Test
    void serverThatCannotStreamIsAskedWithoutIt() {
        stub.reply(wire.error(400, "invalid_request_error", "stream"), wire.text("Refunded."));

        Answered answer = (Answered) listen(_ -> {});

        assertThat(answer.text()).contains("Refunded.");
        assertThat(stub.requests()).hasSize(2);
    }

    private ModelReply listen(Consumer<String> listener) {
        return model.chat(listening(listener)).await().atMost(Duration.ofSeconds(20));
    }

    private ModelRequest listening(Consumer<String> listener) {
        return new ModelRequest(
                new EffectId("run-m1"),
                SampleAgents.agent(ref(), List.of(), Optional.empty(), LOOKUP),
                ref(),
                Json.text("refund A-100"),
                List.of(QUESTION),
                Optional.of(listener));
    }

    protected ModelReply chat(ChatMessage... messages) {
        return chat(SampleAgents.agent(ref(), List.of(), Optional.empty(), LOOKUP), messages);
    }

    protected ModelReply chat(PinnedAgent agent, ChatMessage... messages) {
        return model.chat(request(agent, messages)).await().atMost(Duration.ofSeconds(20));
    }

    private ModelReply chat(ModelPort other) {
        try {
            return other.chat(
                            request(
                                    SampleAgents.agent(ref(), List.of(), Optional.empty()),
                                    QUESTION))
                    .await()
                    .atMost(Duration.ofSeconds(20));
        } finally {
            close(other);
        }
    }

    private static ModelRequest request(PinnedAgent agent, ChatMessage... messages) {
        return new ModelRequest(
                new EffectId("run-m1"), agent, Json.text("refund A-100"), List.of(messages));
    }

    protected static Json order(String id) {
        return Json.of(Map.of("orderId", id));
    }
}
