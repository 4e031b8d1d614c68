package dev.signalbox.runtime.model.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.runtime.model.ChatMessage.ToolResultMessage;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.model.ModelReply.TryAgain;
import dev.signalbox.runtime.model.exchange.Complaint;
import dev.signalbox.runtime.model.exchange.Dialect;
import dev.signalbox.runtime.model.exchange.Outgoing;
import dev.signalbox.runtime.model.exchange.WireBody;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/// Ollama's chat API.
record OllamaDialect(OllamaConfig config) implements Dialect {

    @Override
    public Provider provider() {
        return Provider.OLLAMA;
    }

    @Override
    public Optional<String> baseUrl() {
        return config.baseUrl().or(() -> config.apiKey().map(_ -> OllamaConfig.HOSTED));
    }

    @Override
    public String whatToSet() {
        return "signalbox.models.ollama.base-url (or OLLAMA_BASE_URL), such as"
                + " http://localhost:11434";
    }

    @Override
    public ChatModel model(ModelRef model, String baseUrl, HttpClientBuilder http) {
        return OllamaChatModel.builder()
                .httpClientBuilder(http)
                .baseUrl(baseUrl)
                .modelName(model.name())
                .temperature(model.temperature().map(BigDecimal::doubleValue).orElse(null))
                .numPredict(model.maxOutputTokens().orElse(null))
                .customHeaders(headers())
                .returnThinking(false)
                .maxRetries(0)
                .build();
    }

    @Override
    public StreamingChatModel streaming(ModelRef model, String baseUrl, HttpClientBuilder http) {
        return OllamaStreamingChatModel.builder()
                .httpClientBuilder(http)
                .baseUrl(baseUrl)
                .modelName(model.name())
                .temperature(model.temperature().map(BigDecimal::doubleValue).orElse(null))
                .numPredict(model.maxOutputTokens().orElse(null))
                .customHeaders(headers())
                .returnThinking(false)
                .build();
    }

    /// Older servers do not number the calls, which LangChain4j then takes for one.
    @Override
    public UnaryOperator<String> mending() {
        AtomicInteger calls = new AtomicInteger();
        return part ->
                part.contains("\"tool_calls\"")
                        ? WireBody.edit(part, body -> number(body, calls))
                        : part;
    }

    private static void number(ObjectNode part, AtomicInteger calls) {
        for (JsonNode call : part.path("message").path("tool_calls")) {
            int number = calls.getAndIncrement();
            if (call.path("function") instanceof ObjectNode function && !function.has("index")) {
                function.put("index", number);
            }
        }
    }

    private Map<String, String> headers() {
        return config.apiKey()
                .map(key -> Map.of("Authorization", "Bearer " + key))
                .orElse(Map.of());
    }

    /// With a format an Ollama model can no longer call a tool: the format binds all that it says.
    @Override
    public boolean formats(PinnedAgent agent, ModelRef model) {
        return agent.tools().isEmpty();
    }

    @Override
    public void complete(ObjectNode body, Outgoing outgoing) {
        List<Map<String, Object>> tools =
                outgoing.tools().stream().map(OllamaDialect::tool).toList();
        if (tools.isEmpty()) {
            body.remove("tools");
        } else {
            body.set("tools", WireBody.tree(tools));
        }
        outgoing.format().ifPresent(schema -> body.set("format", WireBody.tree(schema)));
        if (body.path("options") instanceof ObjectNode options) {
            options.remove("stop");
        }
        nameResults(body, outgoing);
    }

    private static Map<String, Object> tool(Outgoing.Tool tool) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", tool.name());
        function.put("description", tool.description());
        function.put("parameters", tool.parameters());
        return Map.of("type", "function", "function", function);
    }

    /// LangChain4j leaves out which tool a result is of.
    private static void nameResults(ObjectNode body, Outgoing outgoing) {
        Iterator<ToolResultMessage> results =
                outgoing.request().messages().stream()
                        .filter(ToolResultMessage.class::isInstance)
                        .map(ToolResultMessage.class::cast)
                        .iterator();
        for (JsonNode message : body.path("messages")) {
            if (message.path("role").asText().equals("tool")
                    && message instanceof ObjectNode result
                    && results.hasNext()) {
                result.put("tool_name", outgoing.names().wire(results.next().tool()));
            }
        }
    }

    @Override
    public Complaint complaint(JsonObject body) {
        return new Complaint("", Complaint.text(body, "error"));
    }

    @Override
    public Optional<String> lasting(int status, Complaint complaint) {
        return Optional.empty();
    }

    /// A model that fails while it answers says so under a status of 200.
    @Override
    public Optional<ModelReply> objection(JsonObject body) {
        return body.get("error") == null
                ? Optional.empty()
                : Optional.of(
                        new TryAgain(
                                "provider_error",
                                "the model failed while it answered",
                                Optional.empty()));
    }

    @Override
    public TokenUsage usage(dev.langchain4j.model.output.TokenUsage usage) {
        return new TokenUsage(
                Dialect.count(usage.inputTokenCount()), Dialect.count(usage.outputTokenCount()));
    }
}
