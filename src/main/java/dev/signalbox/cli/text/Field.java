package dev.signalbox.cli.text;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// Reads members of answers. Clients outlive servers: what is not there reads as nothing.
public final class Field {

    private Field() {}

    /// The value at a path of member names, `a.b.c`.
    public static Optional<Json> at(Json value, String path) {
        Json found = value;
        for (String name : path.split("\\.", -1)) {
            Json member = found instanceof JsonObject object ? object.get(name) : null;
            if (member == null) {
                return Optional.empty();
            }
            found = member;
        }
        return found instanceof JsonNull ? Optional.empty() : Optional.of(found);
    }

    /// The value there for people; empty if there is none.
    public static String text(Json value, String path) {
        return at(value, path).map(Field::text).orElse("");
    }

    /// A value for people, on one line: a text as it is, anything else as JSON.
    public static String text(Json value) {
        return value instanceof JsonText(String text) ? text : value.canonical();
    }

    public static long number(Json value, String path) {
        return at(value, path)
                .map(
                        found ->
                                found instanceof JsonNumber(BigDecimal number)
                                        ? number.longValue()
                                        : 0L)
                .orElse(0L);
    }

    /// The items of the array there.
    public static List<Json> items(Json value, String path) {
        return at(value, path)
                .filter(JsonArray.class::isInstance)
                .map(found -> ((JsonArray) found).items())
                .orElse(List.of());
    }
}
