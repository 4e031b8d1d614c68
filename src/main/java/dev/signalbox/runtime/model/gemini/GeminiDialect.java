package dev.signalbox.runtime.model.gemini;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiTokenUsage;
import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.model.ModelReply.Refused;
import dev.signalbox.runtime.model.ModelReply.TryAgain;
import dev.signalbox.runtime.model.exchange.Complaint;
import dev.signalbox.runtime.model.exchange.Dialect;
import dev.signalbox.runtime.model.exchange.Outgoing;
import dev.signalbox.runtime.model.exchange.WireBody;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Google's Gemini API.
record GeminiDialect(GeminiConfig config) implements Dialect {

    /// The name stands in the URL.
    private static final Pattern NAME = Pattern.compile("(models/)?([A-Za-z0-9._-]{1,200})");

    /// Settings that LangChain4j sends whether anybody wants them or not; some models refuse them.
    private static final List<String> NOT_MEANT =
            List.of("responseMimeType", "responseLogprobs", "enableEnhancedCivicAnswers");

    private static final Pattern SECONDS = Pattern.compile("(\\d{1,9})(\\.\\d+)?s");

    @Override
    public Provider provider() {
        return Provider.GEMINI;
    }

    @Override
    public Optional<String> baseUrl() {
        return config.baseUrl().or(() -> config.apiKey().map(_ -> GeminiConfig.GOOGLE));
    }

    @Override
    public String whatToSet() {
        return "signalbox.models.gemini.api-key (or GEMINI_API_KEY), or"
                + " signalbox.models.gemini.base-url (or GEMINI_BASE_URL) for a gateway of your"
                + " own";
    }

    @Override
    public ChatModel model(ModelRef model, String baseUrl, HttpClientBuilder http) {
        return GoogleAiGeminiChatModel.builder()
                .httpClientBuilder(http)
                .baseUrl(baseUrl)
                .apiKey(config.apiKey().orElse(null))
                .modelName(name(model))
                .temperature(model.temperature().map(BigDecimal::doubleValue).orElse(null))
                .maxOutputTokens(model.maxOutputTokens().orElse(null))
                .returnThinking(false)
                .maxRetries(0)
                .build();
    }

    @Override
    public StreamingChatModel streaming(ModelRef model, String baseUrl, HttpClientBuilder http) {
        return GoogleAiGeminiStreamingChatModel.builder()
                .httpClientBuilder(http)
                .baseUrl(baseUrl)
                .apiKey(config.apiKey().orElse(null))
                .modelName(name(model))
                .temperature(model.temperature().map(BigDecimal::doubleValue).orElse(null))
                .maxOutputTokens(model.maxOutputTokens().orElse(null))
                .returnThinking(false)
                .build();
    }

    private static String name(ModelRef model) {
        Matcher name = NAME.matcher(model.name());
        if (!name.matches()) {
            throw new IllegalArgumentException("not a model's name");
        }
        return name.group(2);
    }

    /// Models before Gemini 3 refuse a response format beside tools.
    @Override
    public boolean formats(PinnedAgent agent, ModelRef model) {
        return agent.tools().isEmpty() || GeminiTurns.thinksAloud(model.name());
    }

    @Override
    public void complete(ObjectNode body, Outgoing outgoing) {
        List<Map<String, Object>> tools =
                outgoing.tools().stream().map(GeminiDialect::tool).toList();
        if (!tools.isEmpty()) {
            body.set("tools", WireBody.tree(List.of(Map.of("functionDeclarations", tools))));
        }
        if (body.path("generationConfig") instanceof ObjectNode settings) {
            settings.remove(NOT_MEANT);
            outgoing.format()
                    .ifPresent(
                            schema -> {
                                settings.put("responseMimeType", "application/json");
                                settings.set("responseJsonSchema", WireBody.tree(schema));
                            });
        }
        if (body.path("systemInstruction") instanceof ObjectNode instruction) {
            instruction.remove("role");
        }
        GeminiTurns.complete(body, outgoing.model().name());
    }

    private static Map<String, Object> tool(Outgoing.Tool tool) {
        Map<String, Object> wire = new LinkedHashMap<>();
        wire.put("name", tool.name());
        wire.put("description", tool.description());
        wire.put("parametersJsonSchema", tool.parameters());
        return wire;
    }

    /// How long to wait stands in the body here, not in a header.
    @Override
    public Complaint complaint(JsonObject body) {
        String reason = "";
        Optional<Duration> wait = Optional.empty();
        if (body.get("error") instanceof JsonObject error) {
            for (var item : Complaint.items(error, "details")) {
                if (item instanceof JsonObject detail) {
                    String stated = Complaint.text(detail, "reason");
                    reason = stated.isEmpty() ? reason : stated;
                    wait = wait.or(() -> wait(Complaint.text(detail, "retryDelay")));
                }
            }
        }
        return new Complaint(
                reason.isEmpty() ? Complaint.errorText(body, "status") : reason,
                Complaint.errorText(body, "message"),
                wait);
    }

    private static Optional<Duration> wait(String delay) {
        Matcher seconds = SECONDS.matcher(delay);
        return seconds.matches()
                ? Optional.of(
                        Duration.ofSeconds(
                                Long.parseLong(seconds.group(1))
                                        + (seconds.group(2) == null ? 0 : 1)))
                : Optional.empty();
    }

    /// A wrong key gets 400 here.
    @Override
    public Optional<String> lasting(int status, Complaint complaint) {
        if (status == 400 && complaint.code().equals("API_KEY_INVALID")) {
            return Optional.of("unauthenticated");
        }
        return status == 400 && complaint.message().contains("token count")
                ? Optional.of("context_too_long")
                : Optional.empty();
    }

    @Override
    public Optional<ModelReply> objection(JsonObject body) {
        if (body.get("promptFeedback") instanceof JsonObject feedback
                && !Complaint.text(feedback, "blockReason").isEmpty()) {
            return Optional.of(
                    new Refused("content_filtered", "the server's filter held the request"));
        }
        return Complaint.items(body, "candidates").stream()
                .limit(1)
                .map(
                        item ->
                                item instanceof JsonObject candidate
                                        ? Complaint.text(candidate, "finishReason")
                                        : "")
                .filter(
                        reason ->
                                reason.equals("MALFORMED_FUNCTION_CALL")
                                        || reason.equals("UNEXPECTED_TOOL_CALL"))
                .<ModelReply>map(
                        reason ->
                                new TryAgain(
                                        "malformed_answer",
                                        "the model broke off: " + reason,
                                        Optional.empty()))
                .findFirst();
    }

    /// What the model thought is paid as output.
    @Override
    public TokenUsage usage(dev.langchain4j.model.output.TokenUsage usage) {
        long thoughts = 0;
        long cached = 0;
        if (usage instanceof GoogleAiGeminiTokenUsage own) {
            thoughts = Dialect.count(own.thoughtsTokenCount());
            cached = Dialect.count(own.cachedContentTokenCount());
        }
        return new TokenUsage(
                Dialect.count(usage.inputTokenCount()),
                Dialect.count(usage.outputTokenCount()) + thoughts,
                cached,
                0);
    }
}
