package dev.signalbox.definition;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import java.math.BigDecimal;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON as the tree that the schema library reads.
final class SchemaNodes {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private SchemaNodes() {}

    static JsonNode of(Json json) {
        return switch (json) {
            case JsonNull() -> NODES.nullNode();
            case JsonBool(boolean value) -> NODES.booleanNode(value);
            case JsonNumber(BigDecimal value) -> number(value);
            case JsonText(String value) -> NODES.stringNode(value);
            case JsonArray(List<Json> items) -> {
                ArrayNode array = NODES.arrayNode(items.size());
                items.forEach(item -> array.add(of(item)));
                yield array;
            }
            case JsonObject object -> {
                ObjectNode node = NODES.objectNode();
                object.members().forEach((name, member) -> node.set(name, of(member)));
                yield node;
            }
        };
    }

    /// Whole numbers as integers: `20.0` is one.
    private static JsonNode number(BigDecimal value) {
        return value.scale() <= 0
                ? NODES.numberNode(value.toBigIntegerExact())
                : NODES.numberNode(value);
    }
}
