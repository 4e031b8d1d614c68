package dev.signalbox.runtime.model.openai;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.signalbox.domain.agent.AgentDefinition;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.runtime.model.ModelRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A model call as LangChain4j takes it.
///
/// Tools and output schema go as custom parameters, that is: as they stand in their documents.
/// LangChain4j's own schema classes know a part of JSON Schema and drop the rest
/// (`additionalProperties`, `minimum`, `oneOf` …).
record WireRequest(ChatRequest chat, Dialogue dialogue) {

    /// @param baseUrl decides how the output limit is called: OpenAI itself has renamed it, and
    ///     other servers mostly know the old name only
    static WireRequest of(ModelRequest request, String baseUrl) {
        PinnedAgent pinned = request.agent();
        Dialogue dialogue = new Dialogue(new ToolNames(pinned.tools().keySet()));
        OpenAiChatRequestParameters parameters =
                OpenAiChatRequestParameters.builder()
                        .customParameters(custom(pinned, dialogue.names(), limitName(baseUrl)))
                        .build();
        ChatRequest chat =
                ChatRequest.builder()
                        .messages(
                                dialogue.toLangChain(
                                        pinned.agent().instructions(), request.messages()))
                        .parameters(parameters)
                        .build();
        return new WireRequest(chat, dialogue);
    }

    private static Map<String, Object> custom(
            PinnedAgent pinned, ToolNames names, String limitName) {
        AgentDefinition agent = pinned.agent();
        Map<String, Object> custom = new LinkedHashMap<>();
        if (!pinned.tools().isEmpty()) {
            custom.put(
                    "tools",
                    pinned.tools().values().stream().map(tool -> tool(tool, names)).toList());
        }
        agent.output().ifPresent(schema -> custom.put("response_format", format(schema)));
        agent.model().maxOutputTokens().ifPresent(most -> custom.put(limitName, most));
        return custom;
    }

    private static String limitName(String baseUrl) {
        return baseUrl.startsWith(OpenAiConfig.OPENAI) ? "max_completion_tokens" : "max_tokens";
    }

    private static Map<String, Object> tool(ToolDefinition tool, ToolNames names) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", names.wire(tool.name()));
        function.put("description", tool.description());
        function.put("parameters", plainObject(tool.input()));
        return Map.of("type", "function", "function", function);
    }

    /// Not `strict`, which allows a part of JSON Schema only; the verifier checks the output.
    private static Map<String, Object> format(JsonObject schema) {
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("name", "output");
        named.put("strict", false);
        named.put("schema", plainObject(schema));
        return Map.of("type", "json_schema", "json_schema", named);
    }

    private static Map<String, @Nullable Object> plainObject(JsonObject object) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        object.members().forEach((name, member) -> map.put(name, plain(member)));
        return map;
    }

    /// As [Json#toJava()], but whole numbers as such: `100` must not go out as `1E+2`.
    private static @Nullable Object plain(Json value) {
        return switch (value) {
            case JsonNull _ -> null;
            case JsonBool(boolean bool) -> bool;
            case JsonText(String text) -> text;
            case JsonNumber(BigDecimal number) ->
                    number.scale() <= 0 ? number.toBigIntegerExact() : number;
            case JsonArray(List<Json> items) -> {
                List<@Nullable Object> list = new ArrayList<>();
                items.forEach(item -> list.add(plain(item)));
                yield list;
            }
            case JsonObject object -> plainObject(object);
        };
    }
}
