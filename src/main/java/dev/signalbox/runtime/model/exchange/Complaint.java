package dev.signalbox.runtime.model.exchange;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a server says is wrong, in its own words.
///
/// @param code the provider's own, or empty
/// @param message for people, or empty
/// @param retryAfter how long it asks to be left alone, if the answer's body says so
public record Complaint(String code, String message, Optional<Duration> retryAfter) {

    public static final Complaint NONE = new Complaint("", "", Optional.empty());

    public Complaint(String code, String message) {
        this(code, message, Optional.empty());
    }

    /// A text member of the body's `error` object, or nothing.
    public static String errorText(JsonObject body, String name) {
        return body.get("error") instanceof JsonObject error ? text(error, name) : "";
    }

    /// A text member, or nothing.
    public static String text(JsonObject object, String name) {
        return object.get(name) instanceof JsonText(String text) ? text : "";
    }

    /// The items of an array member, or none.
    public static List<Json> items(JsonObject object, String name) {
        return object.get(name) instanceof JsonArray(List<Json> items) ? items : List.of();
    }
}
