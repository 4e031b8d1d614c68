package dev.signalbox.runtime.model.anthropic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.anthropic.AnthropicTokenUsage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.model.ModelReply.Refused;
import dev.signalbox.runtime.model.exchange.Complaint;
import dev.signalbox.runtime.model.exchange.Dialect;
import dev.signalbox.runtime.model.exchange.Outgoing;
import dev.signalbox.runtime.model.exchange.WireBody;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Anthropic's Messages API.
record AnthropicDialect(AnthropicConfig config) implements Dialect {

    private static final String VERSION_PATH = "/v1";

    @Override
    public Provider provider() {
        return Provider.ANTHROPIC;
    }

    /// Its own clients are told the root without the version, so both are taken.
    @Override
    public Optional<String> baseUrl() {
        return config.baseUrl()
                .or(() -> config.apiKey().map(_ -> AnthropicConfig.ANTHROPIC))
                .map(url -> url.endsWith("/") ? url.substring(0, url.length() - 1) : url)
                .map(url -> url.endsWith(VERSION_PATH) ? url : url + VERSION_PATH);
    }

    @Override
    public String whatToSet() {
        return "signalbox.models.anthropic.api-key (or ANTHROPIC_API_KEY), or"
                + " signalbox.models.anthropic.base-url (or ANTHROPIC_BASE_URL) for a gateway of"
                + " your own";
    }

    @Override
    public ChatModel model(ModelRef model, String baseUrl, HttpClientBuilder http) {
        return AnthropicChatModel.builder()
                .httpClientBuilder(http)
                .baseUrl(baseUrl)
                .apiKey(config.apiKey().orElse("none"))
                .modelName(model.name())
                .temperature(model.temperature().map(BigDecimal::doubleValue).orElse(null))
                .maxTokens(model.maxOutputTokens().orElse(config.maxOutputTokens()))
                .cacheSystemMessages(config.promptCache())
                .maxRetries(0)
                .build();
    }

    @Override
    public StreamingChatModel streaming(ModelRef model, String baseUrl, HttpClientBuilder http) {
        return AnthropicStreamingChatModel.builder()
                .httpClientBuilder(http)
                .baseUrl(baseUrl)
                .apiKey(config.apiKey().orElse("none"))
                .modelName(model.name())
                .temperature(model.temperature().map(BigDecimal::doubleValue).orElse(null))
                .maxTokens(model.maxOutputTokens().orElse(config.maxOutputTokens()))
                .cacheSystemMessages(config.promptCache())
                .build();
    }

    @Override
    public boolean formats(PinnedAgent agent, ModelRef model) {
        return OutputFormats.knownTo(model.name())
                && agent.agent().output().filter(OutputFormats::canHold).isPresent();
    }

    @Override
    public void complete(ObjectNode body, Outgoing outgoing) {
        List<Map<String, Object>> tools =
                outgoing.tools().stream().map(AnthropicDialect::tool).toList();
        if (!tools.isEmpty()) {
            body.set("tools", WireBody.tree(tools));
        }
        outgoing.format()
                .ifPresent(
                        schema ->
                                body.set(
                                        "output_config",
                                        WireBody.tree(
                                                Map.of(
                                                        "format",
                                                        Map.of(
                                                                "type",
                                                                "json_schema",
                                                                "schema",
                                                                schema)))));
    }

    private static Map<String, Object> tool(Outgoing.Tool tool) {
        Map<String, Object> wire = new LinkedHashMap<>();
        wire.put("name", tool.name());
        wire.put("description", tool.description());
        wire.put("input_schema", tool.parameters());
        return wire;
    }

    @Override
    public Complaint complaint(JsonObject body) {
        return new Complaint(
                Complaint.errorText(body, "type"), Complaint.errorText(body, "message"));
    }

    @Override
    public Optional<String> lasting(int status, Complaint complaint) {
        String message = complaint.message();
        if (status == 402 || (status == 400 && message.contains("credit balance"))) {
            return Optional.of("quota_exhausted");
        }
        if (status == 413 || (status == 400 && message.contains("too long"))) {
            return Optional.of("context_too_long");
        }
        return Optional.empty();
    }

    /// The reason stands in the message, or in the `delta` of a part.
    @Override
    public Optional<ModelReply> objection(JsonObject body) {
        JsonObject end = body.get("delta") instanceof JsonObject delta ? delta : body;
        return switch (Complaint.text(end, "stop_reason")) {
            case "refusal" ->
                    Optional.of(new Refused("content_filtered", "the model refused to answer"));
            case "model_context_window_exceeded" ->
                    Optional.of(
                            new Refused(
                                    "context_too_long",
                                    "the conversation and its answer are longer than the model's"
                                            + " context"));
            default -> Optional.empty();
        };
    }

    /// Here the input tokens are only those that the cache had nothing to do with.
    @Override
    public TokenUsage usage(dev.langchain4j.model.output.TokenUsage usage) {
        long read = 0;
        long written = 0;
        if (usage instanceof AnthropicTokenUsage own) {
            read = Dialect.count(own.cacheReadInputTokens());
            written = Dialect.count(own.cacheCreationInputTokens());
        }
        return new TokenUsage(
                Dialect.count(usage.inputTokenCount()) + read + written,
                Dialect.count(usage.outputTokenCount()),
                read,
                written);
    }
}
