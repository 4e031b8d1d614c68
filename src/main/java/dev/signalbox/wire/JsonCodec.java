package dev.signalbox.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Reads JSON text to [Json].
///
/// Guarantee: strict. Duplicate members, nesting deeper than 64, numbers of absurd size and
/// anything behind the value are refused with [ProblemCode#INVALID_REQUEST]; numbers keep all
/// their digits.
public final class JsonCodec {

    /// Deepest nesting of objects and arrays.
    public static final int MAX_DEPTH = 64;

    private static final Pattern PARSER_REMARK = Pattern.compile("Source: REDACTED [^;]*; ");

    /// Most characters of a number.
    public static final int MAX_NUMBER_LENGTH = 400;

    private static final JsonFactory FACTORY = factory(MAX_DEPTH);

    private JsonCodec() {}

    private static JsonFactory factory(int depth) {
        return JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .streamReadConstraints(
                        StreamReadConstraints.builder()
                                .maxNestingDepth(depth)
                                .maxNumberLength(MAX_NUMBER_LENGTH)
                                .build())
                .build();
    }

    /// The value that `text` holds.
    public static Json parse(String text) {
        return parse(text, FACTORY);
    }

    /// The value that `text` holds, if it is nested no deeper than `depth`.
    static Json parse(String text, int depth) {
        return parse(text, factory(depth));
    }

    private static Json parse(String text, JsonFactory factory) {
        try (JsonParser parser = factory.createParser(text)) {
            if (parser.nextToken() == null) {
                throw invalid("expected a JSON value, found nothing");
            }
            Json value = read(parser);
            if (parser.nextToken() != null) {
                throw invalid("expected the end after the JSON value");
            }
            return value;
        } catch (JsonProcessingException malformed) {
            throw invalid(describe(malformed));
        } catch (IOException impossible) {
            throw new IllegalStateException("reading from a text does no I/O", impossible);
        }
    }

    /// The object that `text` holds.
    public static JsonObject parseObject(String text) {
        if (parse(text) instanceof JsonObject object) {
            return object;
        }
        throw invalid("expected a JSON object");
    }

    /// The value at the parser's current token; leaves the parser on its last token.
    static Json read(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw invalid("expected a JSON value, found the end");
        }
        return switch (token) {
            case VALUE_NULL -> JsonNull.NULL;
            case VALUE_TRUE -> new JsonBool(true);
            case VALUE_FALSE -> new JsonBool(false);
            case VALUE_STRING -> Json.text(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
            case START_ARRAY -> array(parser);
            case START_OBJECT -> object(parser);
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                    throw invalid("expected a JSON value, found " + token);
        };
    }

    private static Json number(JsonParser parser) throws IOException {
        try {
            return new JsonNumber(parser.getDecimalValue());
        } catch (IllegalArgumentException | ArithmeticException tooLarge) {
            throw invalid("a number has at most " + Json.MAX_EXPONENT + " digits around its point");
        }
    }

    private static Json array(JsonParser parser) throws IOException {
        List<Json> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(read(parser));
        }
        return new JsonArray(items);
    }

    private static Json object(JsonParser parser) throws IOException {
        Map<String, Json> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, read(parser));
        }
        return new JsonObject(members);
    }

    private static String describe(JsonProcessingException malformed) {
        if (malformed instanceof StreamConstraintsException) {
            return "the JSON is nested deeper than "
                    + MAX_DEPTH
                    + ", or a number in it is longer than "
                    + MAX_NUMBER_LENGTH;
        }
        String where =
                malformed.getLocation() == null
                        ? ""
                        : " at line "
                                + malformed.getLocation().getLineNr()
                                + ", column "
                                + malformed.getLocation().getColumnNr();
        return "malformed JSON" + where + ": " + reason(malformed);
    }

    /// What is wrong, in the parser's words, without its remarks on itself.
    public static String reason(JacksonException malformed) {
        return PARSER_REMARK.matcher(malformed.getOriginalMessage()).replaceAll("");
    }

    private static ProblemException invalid(String detail) {
        return ProblemException.of(ProblemCode.INVALID_REQUEST, detail);
    }
}
