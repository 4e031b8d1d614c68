package dev.signalbox.web;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.wire.JsonCodec;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What Jackson complains about, in words for whoever wrote the JSON: the field and what was
/// expected there, never the name of a Java type.
final class JsonFaults {

    private JsonFaults() {}

    static Problem problem(JacksonException fault) {
        return switch (fault) {
            case UnrecognizedPropertyException unknown ->
                    Problem.at(
                            ProblemCode.INVALID_REQUEST,
                            path(unknown),
                            "unknown field '" + unknown.getPropertyName() + "'",
                            "one of " + names(unknown.getKnownPropertyIds()));
            case MismatchedInputException mismatch -> mismatch(mismatch);
            case StreamConstraintsException _ ->
                    Problem.at(
                            ProblemCode.INVALID_REQUEST,
                            where(fault),
                            "the JSON is nested too deeply, or a number in it is too long",
                            "nesting of at most "
                                    + JsonCodec.MAX_DEPTH
                                    + " and numbers of at most "
                                    + JsonCodec.MAX_NUMBER_LENGTH
                                    + " characters");
            case JsonMappingException mapping
                    when mapping.getCause() instanceof JacksonException e ->
                    problem(e);
            case JsonMappingException mapping ->
                    Problem.at(
                            ProblemCode.INVALID_REQUEST,
                            path(mapping),
                            "'" + path(mapping) + "' is not right",
                            expected(mapping));
            default ->
                    Problem.at(
                            ProblemCode.INVALID_REQUEST,
                            where(fault),
                            "malformed JSON: " + JsonCodec.reason(fault),
                            "one well-formed JSON value");
        };
    }

    /// `problem`, with the field at which Jackson was when it came up.
    static Problem located(Throwable failure, Problem problem) {
        return failure instanceof JsonMappingException mapping && problem.field().isEmpty()
                ? new Problem(
                        problem.code(),
                        problem.detail(),
                        Optional.of(path(mapping)).filter(path -> !path.isEmpty()),
                        problem.expected(),
                        problem.violations())
                : problem;
    }

    /// What a deserializer of ours says, such as "expected a JSON object, found null".
    private static String expected(JsonMappingException mapping) {
        return mapping.getOriginalMessage().replaceFirst("^expected ", "");
    }

    private static Problem mismatch(MismatchedInputException mismatch) {
        String field = path(mismatch);
        String expected =
                mismatch.getTargetType() == null ? "another value" : name(mismatch.getTargetType());
        return field.isEmpty()
                ? Problem.at(
                        ProblemCode.INVALID_REQUEST,
                        "body",
                        "the body is empty or has the wrong type",
                        expected)
                : Problem.at(
                        ProblemCode.INVALID_REQUEST,
                        field,
                        "'" + field + "' has the wrong type",
                        expected);
    }

    private static String name(Class<?> type) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> String.valueOf(constant).toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == int.class
                || type == Integer.class
                || type == long.class
                || type == Long.class) {
            return "a whole number";
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return "a number";
        }
        if (CharSequence.class.isAssignableFrom(type)) {
            return "a text";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "an array";
        }
        boolean object =
                type.isRecord()
                        || Map.class.isAssignableFrom(type)
                        || Json.JsonObject.class.equals(type);
        return object ? "a JSON object" : "a text";
    }

    private static String names(Collection<?> known) {
        return known.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
    }

    private static String path(JsonMappingException fault) {
        StringBuilder path = new StringBuilder();
        List<JsonMappingException.Reference> references = fault.getPath();
        for (JsonMappingException.Reference reference : references) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return path.toString();
    }

    private static String where(JacksonException fault) {
        JsonLocation location = fault.getLocation();
        return location == null
                ? "body"
                : "body, line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
