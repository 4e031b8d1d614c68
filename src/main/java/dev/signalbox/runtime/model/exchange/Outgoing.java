package dev.signalbox.runtime.model.exchange;

import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.runtime.model.ModelRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What goes along with a conversation: tools and the output's schema, as they stand in their
/// documents. LangChain4j's own schema classes know a part of JSON Schema and drop the rest
/// (`additionalProperties`, `minimum`, `oneOf` …).
///
/// @param formatted whether the output's schema goes as a response format
public record Outgoing(ModelRequest request, ToolNames names, boolean formatted) {

    /// A tool under its name on the wire.
    public record Tool(
            String name, String description, Map<String, @Nullable Object> parameters) {}

    public ModelRef model() {
        return request.model();
    }

    public List<Tool> tools() {
        return request.agent().tools().values().stream()
                .map(
                        tool ->
                                new Tool(
                                        names.wire(tool.name()),
                                        tool.description(),
                                        plain(tool.input())))
                .toList();
    }

    /// The response format's schema, if there is to be one.
    public Optional<Map<String, @Nullable Object>> format() {
        return formatted
                ? request.agent().agent().output().map(Outgoing::plain)
                : Optional.empty();
    }

    /// The agent's instructions, with the output's schema if no response format carries it.
    String instructions() {
        String own = request.agent().agent().instructions();
        Optional<JsonObject> schema = request.agent().agent().output();
        return formatted || schema.isEmpty()
                ? own
                : own
                        + "\n\nYour final answer is one JSON value that is valid under this JSON"
                        + " Schema, with no other text and no code fence around it:\n"
                        + schema.get().canonical();
    }

    private static Map<String, @Nullable Object> plain(JsonObject object) {
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
            case JsonObject object -> plain(object);
        };
    }
}
