package dev.signalbox.cli.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON text as values. Numbers keep all their digits.
public final class JsonReader {

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build();

    private JsonReader() {}

    /// The value that `text` holds.
    ///
    /// @throws IllegalArgumentException that says what is wrong and where
    public static Json read(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            Json value = value(parser, parser.nextToken());
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("there is more behind the JSON value");
            }
            return value;
        } catch (JsonProcessingException malformed) {
            String where =
                    malformed.getLocation() == null
                            ? ""
                            : " (line "
                                    + malformed.getLocation().getLineNr()
                                    + ", column "
                                    + malformed.getLocation().getColumnNr()
                                    + ")";
            throw new IllegalArgumentException(
                    "that is no JSON: " + Plain.line(malformed.getOriginalMessage()) + where,
                    malformed);
        } catch (IOException impossible) {
            throw new IllegalStateException("reading from a text does no I/O", impossible);
        }
    }

    private static Json value(JsonParser parser, @Nullable JsonToken token) throws IOException {
        return switch (token) {
            case null -> throw new IllegalArgumentException("that is no JSON: it ends too early");
            case VALUE_NULL -> JsonNull.NULL;
            case VALUE_TRUE -> new JsonBool(true);
            case VALUE_FALSE -> new JsonBool(false);
            case VALUE_STRING -> Json.text(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNumber(parser.getDecimalValue());
            case START_ARRAY -> array(parser);
            case START_OBJECT -> object(parser);
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                    throw new IllegalArgumentException("that is no JSON value");
        };
    }

    private static Json array(JsonParser parser) throws IOException {
        List<Json> items = new ArrayList<>();
        for (JsonToken next = parser.nextToken();
                next != JsonToken.END_ARRAY;
                next = parser.nextToken()) {
            items.add(value(parser, next));
        }
        return new JsonArray(items);
    }

    private static Json object(JsonParser parser) throws IOException {
        Map<String, Json> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            members.put(name, value(parser, parser.nextToken()));
        }
        return new Json.JsonObject(members);
    }
}
