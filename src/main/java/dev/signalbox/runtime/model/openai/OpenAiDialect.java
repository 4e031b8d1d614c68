package dev.signalbox.runtime.model.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.model.exchange.Complaint;
import dev.signalbox.runtime.model.exchange.Dialect;
import dev.signalbox.runtime.model.exchange.Outgoing;
import dev.signalbox.runtime.model.exchange.WireBody;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// OpenAI's chat completions, and the many servers that speak them.
record OpenAiDialect(OpenAiConfig config) implements Dialect {

    @Override
    public Provider provider() {
        return Provider.OPENAI;
    }

    @Override
    public Optional<String> baseUrl() {
        return config.baseUrl().or(() -> config.apiKey().map(_ -> OpenAiConfig.OPENAI));
    }

    @Override
    public String whatToSet() {
        return "signalbox.models.openai.api-key (or OPENAI_API_KEY), or"
                + " signalbox.models.openai.base-url (or OPENAI_BASE_URL) for a server of your own";
    }

    @Override
    public ChatModel model(ModelRef model, String baseUrl, HttpClientBuilder http) {
        OpenAiChatModel.OpenAiChatModelBuilder builder =
                OpenAiChatModel.builder()
                        .httpClientBuilder(http)
                        .baseUrl(baseUrl)
                        .modelName(model.name())
                        .temperature(model.temperature().map(BigDecimal::doubleValue).orElse(null))
                        .maxRetries(0);
        config.apiKey().ifPresent(builder::apiKey);
        return builder.build();
    }

    @Override
    public StreamingChatModel streaming(ModelRef model, String baseUrl, HttpClientBuilder http) {
        OpenAiStreamingChatModel.OpenAiStreamingChatModelBuilder builder =
                OpenAiStreamingChatModel.builder()
                        .httpClientBuilder(http)
                        .baseUrl(baseUrl)
                        .modelName(model.name())
                        .temperature(model.temperature().map(BigDecimal::doubleValue).orElse(null));
        config.apiKey().ifPresent(builder::apiKey);
        return builder.build();
    }

    @Override
    public boolean formats(PinnedAgent agent, ModelRef model) {
        return true;
    }

    /// The output limit has two names: OpenAI itself has renamed it, and other servers mostly know
    /// the old name only.
    @Override
    public void complete(ObjectNode body, Outgoing outgoing) {
        List<Map<String, Object>> tools = outgoing.tools().stream().map(this::tool).toList();
        if (!tools.isEmpty()) {
            body.set("tools", WireBody.tree(tools));
        }
        outgoing.format().ifPresent(schema -> body.set("response_format", format(schema)));
        String limit =
                baseUrl().orElse("").startsWith(OpenAiConfig.OPENAI)
                        ? "max_completion_tokens"
                        : "max_tokens";
        outgoing.model().maxOutputTokens().ifPresent(most -> body.put(limit, most));
    }

    private Map<String, Object> tool(Outgoing.Tool tool) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", tool.name());
        function.put("description", tool.description());
        function.put("parameters", tool.parameters());
        return Map.of("type", "function", "function", function);
    }

    /// Not `strict`, which allows a part of JSON Schema only; the verifier checks the output.
    private static ObjectNode format(Map<String, @Nullable Object> schema) {
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("name", "output");
        named.put("strict", false);
        named.put("schema", schema);
        return (ObjectNode) WireBody.tree(Map.of("type", "json_schema", "json_schema", named));
    }

    @Override
    public Complaint complaint(JsonObject body) {
        return new Complaint(
                Complaint.errorText(body, "code"), Complaint.errorText(body, "message"));
    }

    /// An exhausted account answers 429 as well, but no wait will help it.
    @Override
    public Optional<String> lasting(int status, Complaint complaint) {
        return switch (complaint.code()) {
            case "insufficient_quota" ->
                    status == 429 ? Optional.of("quota_exhausted") : Optional.empty();
            case "content_filter", "content_policy_violation" ->
                    status == 400 ? Optional.of("content_filtered") : Optional.empty();
            case "context_length_exceeded" ->
                    status == 400 ? Optional.of("context_too_long") : Optional.empty();
            default -> Optional.empty();
        };
    }

    @Override
    public Optional<ModelReply> objection(JsonObject body) {
        return Optional.empty();
    }

    @Override
    public TokenUsage usage(dev.langchain4j.model.output.TokenUsage usage) {
        long cached =
                usage instanceof OpenAiTokenUsage own && own.inputTokensDetails() != null
                        ? Dialect.count(own.inputTokensDetails().cachedTokens())
                        : 0;
        return new TokenUsage(
                Dialect.count(usage.inputTokenCount()),
                Dialect.count(usage.outputTokenCount()),
                cached,
                0);
    }
}
