package dev.signalbox.queue;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.wire.JsonCodec;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A CloudEvent 1.0 with JSON data, in either mode of the AMQP binding: *structured*, the event is
/// the body; *binary*, its attributes are application properties and the body is the data.
///
/// @param id with `source`, names the event: the same pair is the same event
public record CloudEvent(String id, String source, String type, JsonObject data) {

    private static final String VERSION = "1.0";
    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch";
    private static final List<String> PREFIXES = List.of("cloudEvents:", "cloudEvents_");
    private static final int MAX_ATTRIBUTE = 2048;

    /// The event that a message holds.
    ///
    /// Fails with a [ProblemException], `invalid_request`, that says what is wrong.
    ///
    /// @param properties the message's application properties
    public static CloudEvent decode(
            @Nullable String contentType, byte[] body, Map<String, ?> properties) {
        String mediaType = mediaType(contentType);
        if (mediaType.equals(STRUCTURED)) {
            return structured(JsonCodec.parseObject(text(body)));
        }
        if (mediaType.startsWith(BATCH)) {
            throw invalid("content-type", "the message holds a batch of events", STRUCTURED);
        }
        return binary(attributes(properties), mediaType, body);
    }

    private static CloudEvent structured(JsonObject event) {
        Map<String, Object> attributes = new HashMap<>();
        event.members()
                .forEach(
                        (name, value) -> {
                            if (value instanceof JsonText(String text)) {
                                attributes.put(name, text);
                            }
                        });
        requireJson(mediaType((String) attributes.get("datacontenttype")));
        return new CloudEvent(
                attribute(attributes, "id"),
                attribute(attributes, "source"),
                attribute(attributes, "type"),
                structuredData(event));
    }

    private static JsonObject structuredData(JsonObject event) {
        Json data = event.get("data");
        if (data instanceof JsonObject object) {
            return object;
        }
        if (data == null && event.get("data_base64") instanceof JsonText(String encoded)) {
            try {
                return JsonCodec.parseObject(text(Base64.getDecoder().decode(encoded)));
            } catch (IllegalArgumentException _) {
                throw invalid(
                        "data_base64", "data_base64 is not Base64", "a JSON object in Base64");
            }
        }
        throw invalid("data", "data is missing or not an object", "a JSON object");
    }

    private static CloudEvent binary(
            Map<String, Object> attributes, String mediaType, byte[] body) {
        CloudEvent event =
                new CloudEvent(
                        attribute(attributes, "id"),
                        attribute(attributes, "source"),
                        attribute(attributes, "type"),
                        JsonObject.EMPTY);
        requireJson(mediaType);
        return new CloudEvent(
                event.id, event.source, event.type, JsonCodec.parseObject(text(body)));
    }

    private static Map<String, Object> attributes(Map<String, ?> properties) {
        Map<String, Object> attributes = new HashMap<>();
        properties.forEach(
                (name, value) ->
                        PREFIXES.stream()
                                .filter(name::startsWith)
                                .forEach(
                                        prefix ->
                                                attributes.put(
                                                        name.substring(prefix.length()), value)));
        if (attributes.isEmpty()) {
            throw invalid(
                    "content-type",
                    "the message is not a CloudEvent",
                    STRUCTURED
                            + ", or application properties cloudEvents:id, cloudEvents:source,"
                            + " cloudEvents:type and cloudEvents:specversion");
        }
        return attributes;
    }

    private static String attribute(Map<String, Object> attributes, String name) {
        Object version = attributes.get("specversion");
        if (!VERSION.equals(version)) {
            throw invalid("specversion", "specversion is missing or not known", VERSION);
        }
        if (attributes.get(name) instanceof String value
                && !value.isBlank()
                && value.length() <= MAX_ATTRIBUTE
                && value.chars().noneMatch(Character::isISOControl)) {
            return value;
        }
        throw invalid(
                name,
                name + " is missing or not usable",
                "a text of 1 to " + MAX_ATTRIBUTE + " printable characters");
    }

    private static void requireJson(String mediaType) {
        if (!mediaType.isEmpty()
                && !mediaType.equals("application/json")
                && !mediaType.endsWith("+json")) {
            throw invalid("datacontenttype", "the data is not JSON", "application/json");
        }
    }

    private static String mediaType(@Nullable String contentType) {
        return contentType == null
                ? ""
                : contentType.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    }

    private static String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException _) {
            throw invalid("body", "the body is not text", "JSON in UTF-8");
        }
    }

    private static ProblemException invalid(String field, String detail, String expected) {
        return Problem.at(ProblemCode.INVALID_REQUEST, field, detail, expected).asException();
    }
}
