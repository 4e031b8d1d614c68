package dev.signalbox.runtime.model.anthropic;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Which schemas and models Anthropic's structured outputs take: objects that are closed, and a
/// few keywords. A request with any other is refused, so such a schema goes into the instructions.
final class OutputFormats {

    /// Models from before structured outputs.
    private static final Pattern OLDER =
            Pattern.compile(
                    "claude-(instant|[123]).*|claude-(opus|sonnet)-4(-0|-20\\d{6})?|.*@.*");

    private static final Set<String> PLAIN =
            Set.of("type", "title", "description", "enum", "const", "required", "default");

    private OutputFormats() {}

    static boolean knownTo(String model) {
        return !OLDER.matcher(model).matches();
    }

    static boolean canHold(JsonObject schema) {
        return schema.members().entrySet().stream()
                        .allMatch(member -> canHold(member.getKey(), member.getValue()))
                && (!isObject(schema)
                        || new JsonBool(false).equals(schema.get("additionalProperties")));
    }

    private static boolean isObject(JsonObject schema) {
        return schema.get("properties") != null || Json.text("object").equals(schema.get("type"));
    }

    private static boolean canHold(String keyword, Json value) {
        return switch (keyword) {
            case "additionalProperties" -> value.equals(new JsonBool(false));
            case "properties" ->
                    value instanceof JsonObject properties
                            && properties.members().values().stream()
                                    .allMatch(OutputFormats::isHeld);
            case "items" -> isHeld(value);
            case "anyOf" ->
                    value instanceof JsonArray(List<Json> choices)
                            && choices.stream().allMatch(OutputFormats::isHeld);
            case "type" -> value instanceof JsonText || value instanceof JsonArray;
            default -> PLAIN.contains(keyword);
        };
    }

    private static boolean isHeld(Json value) {
        return value instanceof JsonObject schema && canHold(schema);
    }
}
