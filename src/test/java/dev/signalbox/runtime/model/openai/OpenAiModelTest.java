package dev.signalbox.runtime.model.openai;

import static dev.signalbox.support.OpenAiReply.calls;
import static dev.signalbox.support.OpenAiReply.completion;
import static dev.signalbox.support.OpenAiReply.error;
import static dev.signalbox.support.OpenAiReply.raw;
import static dev.signalbox.support.OpenAiReply.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.domain.tool.HttpCall.Method;
import dev.signalbox.domain.tool.Idempotency;
import dev.signalbox.domain.tool.SideEffect;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.runtime.model.ChatMessage;
import dev.signalbox.runtime.model.ChatMessage.AssistantMessage;
import dev.signalbox.runtime.model.ChatMessage.ModelToolCall;
import dev.signalbox.runtime.model.ChatMessage.ToolResultMessage;
import dev.signalbox.runtime.model.ChatMessage.UserMessage;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.model.ModelReply.Answered;
import dev.signalbox.runtime.model.ModelReply.Refused;
import dev.signalbox.runtime.model.ModelReply.TryAgain;
import dev.signalbox.runtime.model.ModelRequest;
import dev.signalbox.support.OpenAiReply.Call;
import dev.signalbox.support.OpenAiStub;
import dev.signalbox.support.SampleAgents;
import dev.signalbox.wire.JsonCodec;
import io.smallrye.mutiny.subscription.Cancellable;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiModelTest {

    private static final String KEY = "sk-test-0123456789abcdef";
    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");
    private static final Duration PATIENCE = Duration.ofMillis(700);
    private static final UserMessage QUESTION = new UserMessage("refund A-100");
    private static final String LOOKUP_SCHEMA =
            """
            {"type": "object", "required": ["orderId"], "additionalProperties": false,
             "properties": {"orderId": {"type": "string", "minLength": 3, "maxLength": 100},
                            "depth": {"oneOf": [{"type": "integer"}, {"type": "null"}]}}}
            """;
    private static final ToolDefinition LOOKUP =
            SampleAgents.tool(
                    "orders.lookup",
                    LOOKUP_SCHEMA,
                    SideEffect.READ,
                    Idempotency.NONE,
                    Method.GET,
                    "http://127.0.0.1/");

    private OpenAiStub stub;
    private OpenAiModel model;

    @BeforeEach
    void start() throws Exception {
        stub = OpenAiStub.start();
        model = model(Optional.of(stub.baseUrl()), Optional.of(KEY));
    }

    @AfterEach
    void stop() {
        model.close();
        stub.close();
    }

    @Test
    void textComesWithUsageAndTheModelThatAnswered() {
        stub.requireKey(KEY).reply(text("Refunded."));

        ModelReply reply = chat(QUESTION);

        assertThat(reply)
                .isEqualTo(
                        new Answered(
                                Optional.of("Refunded."),
                                List.of(),
                                new TokenUsage(12, 5),
                                "stub-model-1",
                                "stop"));
    }

    @Test
    void effectIdGoesAlongAsIdempotencyKey() {
        stub.reply(text("ok"));

        chat(QUESTION);

        assertThat(stub.requests().getFirst().header("Idempotency-Key")).contains("run-m1");
    }

    @Test
    void parallelCallsComeBackUnderTheToolsOwnNames() {
        stub.reply(
                calls(
                        new Call("c1", "orders_lookup", "{\"orderId\": \"A-100\"}"),
                        new Call("c2", "orders_lookup", "{\"orderId\": \"A-200\"}")));

        ModelReply reply = chat(QUESTION);

        assertThat(((Answered) reply).finishReason()).isEqualTo("tool_calls");
        assertThat(((Answered) reply).calls())
                .containsExactly(
                        new ModelToolCall("c1", "orders.lookup", order("A-100")),
                        new ModelToolCall("c2", "orders.lookup", order("A-200")));
    }

    @Test
    void schemasOfToolsAndOutputGoOutAsTheyAreWritten() {
        stub.reply(text("ok"));
        JsonObject output = JsonCodec.parseObject("{\"type\":\"object\",\"minProperties\":100}");

        chat(agent(Optional.of(output), LOOKUP), QUESTION);

        JsonObject body = stub.requests().getFirst().body();
        assertThat(at(body, "tools", 0, "function", "parameters"))
                .isEqualTo(JsonCodec.parse(LOOKUP_SCHEMA));
        assertThat(at(body, "tools", 0, "function", "name")).isEqualTo(Json.text("orders_lookup"));
        assertThat(at(body, "response_format", "json_schema", "schema")).isEqualTo(output);
    }

    @Test
    void agentWithoutToolsAndOutputSendsNeither() {
        stub.reply(text("ok"));

        chat(agent(Optional.empty()), QUESTION);

        assertThat(stub.requests().getFirst().body().members())
                .doesNotContainKeys("tools", "response_format");
    }

    @Test
    void modelSettingsGoAlong() {
        stub.reply(text("ok"));
        ModelRef settings =
                new ModelRef(
                        Provider.OPENAI,
                        "gpt",
                        Optional.of(new BigDecimal("0.5")),
                        Optional.of(100));

        chat(SampleAgents.agent(settings, List.of(), Optional.empty()), QUESTION);

        JsonObject body = stub.requests().getFirst().body();
        assertThat(body.get("model")).isEqualTo(Json.text("gpt"));
        assertThat(body.get("temperature")).isEqualTo(Json.of(0.5));
        assertThat(body.get("max_tokens")).isEqualTo(Json.number(100));
    }

    @Test
    void wholeConversationGoesOutAsTheProtocolWantsIt() {
        stub.reply(text("done"));

        chat(
                QUESTION,
                new AssistantMessage(
                        Optional.of("I look"),
                        List.of(
                                new ModelToolCall("c1", "orders.lookup", order("A-100")),
                                new ModelToolCall("c2", "made.up", JsonObject.EMPTY))),
                new ToolResultMessage("c1", "orders.lookup", true, Json.of(Map.of("total", 100))),
                new ToolResultMessage("c2", "made.up", false, Json.text("no such tool")),
                new AssistantMessage(Optional.of("{}"), List.of()),
                new UserMessage("That did not pass verification."));

        assertThat(stub.refusals()).isEmpty();
        assertThat(OpenAiStub.content(stub.requests().getFirst(), 0))
                .isEqualTo("You settle refund requests.");
        assertThat(OpenAiStub.content(stub.requests().getFirst(), 3)).isEqualTo("{\"total\":100}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"orderId\": ", "refund it all", "{\"a\":1,\"a\":2}"})
    void malformedArgumentsComeBackAsTheTextTheyAre(String arguments) {
        stub.reply(calls(new Call("c1", "orders_lookup", arguments)));

        ModelReply reply = chat(QUESTION);

        assertThat(((Answered) reply).calls().getFirst().arguments())
                .isEqualTo(Json.text(arguments));
    }

    @Test
    void malformedArgumentsAreShownToTheModelAsLegalJson() {
        stub.reply(text("sorry"));

        chat(
                QUESTION,
                new AssistantMessage(
                        Optional.empty(),
                        List.of(new ModelToolCall("c1", "orders.lookup", Json.text("{\"order")))),
                new ToolResultMessage("c1", "orders.lookup", false, Json.text("not an object")));

        assertThat(stub.refusals()).isEmpty();
    }

    @Test
    void callsWithoutAnIdOfTheirOwnGetOne() {
        stub.reply(
                calls(
                        new Call("call-2", "orders_lookup", "{}"),
                        new Call("call-2", "orders_lookup", "{}"),
                        new Call("", "orders_lookup", "")));

        ModelReply reply = chat(QUESTION);

        assertThat(((Answered) reply).calls())
                .extracting(ModelToolCall::callId)
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).isNotBlank());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"7|PT7S", "Fri, 01 May 2026 10:00:30 GMT|PT30S"})
    void rateLimitIsTriedAgainWhenTheServerSaysSo(String header, Duration wait) {
        stub.reply(error(429, "rate_limit_exceeded", "Slow down").header("Retry-After", header));

        ModelReply reply = chat(QUESTION);

        assertThat(reply)
                .isEqualTo(
                        new TryAgain(
                                "rate_limited",
                                "the model's server answered 429: Slow down",
                                Optional.of(wait)));
    }

    @ParameterizedTest
    @CsvSource({
        "408, timeout",
        "429, rate_limited",
        "500, provider_error",
        "502, provider_error",
        "503, provider_error"
    })
    void passingTroubleIsTriedAgain(int status, String code) {
        stub.reply(error(status, "trouble", "later"));

        ModelReply reply = chat(QUESTION);

        assertThat(((TryAgain) reply).code()).isEqualTo(code);
        assertThat(stub.requests()).as("retries are the engine's").hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "400, bad_request, provider_refused",
        "400, content_filter, content_filtered",
        "400, context_length_exceeded, context_too_long",
        "401, invalid_api_key, unauthenticated",
        "403, no_access, forbidden",
        "404, model_not_found, model_not_found",
        "429, insufficient_quota, quota_exhausted",
        "302, moved, provider_refused"
    })
    void lastingTroubleIsRefused(int status, String providerCode, String code) {
        stub.reply(error(status, providerCode, "no"));

        ModelReply reply = chat(QUESTION);

        assertThat(((Refused) reply).code()).isEqualTo(code);
        assertThat(stub.requests()).hasSize(1);
    }

    @Test
    void keyThatTheServerEchoesIsNotInTheReply() {
        stub.requireKey("another");

        ModelReply reply = chat(QUESTION);

        assertThat(((Refused) reply).code()).isEqualTo("unauthenticated");
        assertThat(reply.toString()).contains("[redacted]").doesNotContain(KEY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\": [{\"mess",
                "<html>login</html>",
                "",
                "[]",
                "{\"choices\": []}",
                "{\"choices\": [{\"index\": 0}]}",
                "{\"error\": \"odd\"}"
            })
    void answerThatIsNoCompletionIsTriedAgain(String body) {
        stub.reply(raw(200, body));

        ModelReply reply = chat(QUESTION);

        assertThat(((TryAgain) reply).code()).isEqualTo("malformed_answer");
        assertThat(((TryAgain) reply).detail()).doesNotContain("login");
    }

    @Test
    void answerWithNeitherTextNorCallIsTriedAgain() {
        stub.reply(completion("stop", Map.of("role", "assistant", "content", "")));

        assertThat(((TryAgain) chat(QUESTION)).code()).isEqualTo("malformed_answer");
    }

    @Test
    void outputLimitWithoutAnAnswerIsRefused() {
        stub.reply(completion("length", Map.of("role", "assistant", "content", "")));

        assertThat(((Refused) chat(QUESTION)).code()).isEqualTo("output_limit");
    }

    @Test
    void answerThatWasCutByTheLimitSaysSo() {
        stub.reply(completion("length", Map.of("role", "assistant", "content", "It is")));

        assertThat(((Answered) chat(QUESTION)).finishReason()).isEqualTo("length");
    }

    @Test
    void refusalOfTheModelAndOfTheFilterAreRefused() {
        stub.reply(
                completion("stop", Map.of("role", "assistant", "refusal", "I will not")),
                completion("content_filter", Map.of("role", "assistant", "content", "I")));

        assertThat(((Refused) chat(QUESTION)).code()).isEqualTo("content_filtered");
        assertThat(((Refused) chat(QUESTION)).code()).isEqualTo("content_filtered");
    }

    @Test
    void answerThatStartsTooLateTimesOut() {
        stub.reply(text("late").after(Duration.ofSeconds(5)));

        assertThat(((TryAgain) chat(QUESTION)).code()).isEqualTo("timeout");
    }

    @Test
    void answerThatDribblesPastTheTimeTimesOut() {
        stub.reply(text("slow").dribbling(Duration.ofMillis(50)));

        assertThat(((TryAgain) chat(QUESTION)).code()).isEqualTo("timeout");
    }

    @Test
    void slowAnswerWithinTheTimeCounts() {
        stub.reply(text("slow").dribbling(Duration.ofMillis(1)));

        assertThat(((Answered) chat(QUESTION)).text()).contains("slow");
    }

    @Test
    void connectionThatBreaksInTheAnswerIsTriedAgain() {
        stub.reply(text("cut off").cut());

        assertThat(((TryAgain) chat(QUESTION)).code()).isEqualTo("connection_lost");
    }

    @Test
    void serverThatIsNotThereIsTriedAgain() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }

        ModelReply reply =
                chat(model(Optional.of("http://127.0.0.1:" + free + "/v1"), Optional.empty()));

        assertThat(((TryAgain) reply).code()).isEqualTo("unreachable");
    }

    @Test
    void localServerNeedsNoKey() {
        stub.reply(text("local"));

        ModelReply reply = chat(model(Optional.of(stub.baseUrl()), Optional.empty()));

        assertThat(((Answered) reply).text()).contains("local");
        assertThat(stub.requests().getFirst().header("Authorization")).isEmpty();
    }

    @Test
    void withoutKeyAndBaseUrlTheModelSaysWhatToSet() {
        ModelReply reply = chat(model(Optional.empty(), Optional.empty()));

        assertThat(((Refused) reply).code()).isEqualTo("model_not_configured");
        assertThat(((Refused) reply).detail())
                .contains("signalbox.models.openai.api-key", "OPENAI_BASE_URL");
    }

    @Test
    void cancellingAbandonsTheCall() {
        CompletableFuture<ModelReply> answer = new CompletableFuture<>();
        stub.reply(text("late").after(Duration.ofMillis(300)));
        Cancellable call =
                model.chat(request(agent(Optional.empty()), QUESTION))
                        .subscribe()
                        .with(answer::complete, answer::completeExceptionally);
        Awaitility.await().until(() -> stub.requests().size() == 1);

        call.cancel();

        assertThat(answer).isNotCompleted();
        Awaitility.await()
                .during(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(2))
                .until(() -> !answer.isDone());
    }

    private ModelReply chat(ChatMessage... messages) {
        return chat(agent(Optional.empty(), LOOKUP), messages);
    }

    private ModelReply chat(PinnedAgent agent, ChatMessage... messages) {
        return model.chat(request(agent, messages)).await().atMost(Duration.ofSeconds(10));
    }

    private static ModelReply chat(OpenAiModel other) {
        try {
            return other.chat(request(agent(Optional.empty(), LOOKUP), QUESTION))
                    .await()
                    .atMost(Duration.ofSeconds(10));
        } finally {
            other.close();
        }
    }

    private static ModelRequest request(PinnedAgent agent, ChatMessage... messages) {
        return new ModelRequest(
                new EffectId("run-m1"), agent, Json.text("refund A-100"), List.of(messages));
    }

    private static PinnedAgent agent(Optional<JsonObject> output, ToolDefinition... tools) {
        ModelRef ref = new ModelRef(Provider.OPENAI, "gpt", Optional.empty(), Optional.empty());
        return SampleAgents.agent(ref, List.of(), output, tools);
    }

    private static Json order(String id) {
        return Json.of(Map.of("orderId", id));
    }

    private static Json at(Json value, Object... path) {
        Json inner = value;
        for (Object step : path) {
            inner =
                    step instanceof Integer index
                            ? ((Json.JsonArray) inner).items().get(index)
                            : ((JsonObject) inner).get((String) step);
        }
        return inner;
    }

    private static OpenAiModel model(Optional<String> baseUrl, Optional<String> apiKey) {
        return new OpenAiModel(new Settings(baseUrl, apiKey), InstantSource.fixed(NOW));
    }

    private record Settings(Optional<String> baseUrl, Optional<String> apiKey)
            implements OpenAiConfig {

        @Override
        public Duration timeout() {
            return PATIENCE;
        }

        @Override
        public Duration connectTimeout() {
            return PATIENCE;
        }
    }
}
