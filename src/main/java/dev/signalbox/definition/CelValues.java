package dev.signalbox.definition;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelUnknownSet;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Values of CEL and of JSON.
final class CelValues {

    private static final BigDecimal EXACT_DOUBLE = BigDecimal.valueOf(1L << 53);
    private static final BigDecimal MAX_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

    /// A result is bounded by its size as text; a value that stands in it twice counts twice.
    private static final int MAX_RESULT = 2_000_000;

    private int budget = MAX_RESULT;

    private CelValues() {}

    /// A result that has no JSON value.
    static final class NotJson extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotJson(String reason) {
            super(reason, null, false, false);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    static Object toCel(Json json) {
        return switch (json) {
            case JsonNull() -> NullValue.NULL_VALUE;
            case JsonBool(boolean value) -> value;
            case JsonNumber(BigDecimal value) -> number(value);
            case JsonText(String value) -> value;
            case JsonArray(List<Json> items) -> items.stream().map(CelValues::toCel).toList();
            case JsonObject object -> {
                Map<String, Object> map = new LinkedHashMap<>();
                object.members().forEach((name, member) -> map.put(name, toCel(member)));
                yield map;
            }
        };
    }

    /// The JSON value of a result.
    ///
    /// @throws NotJson if it has none, or is too large
    static Json toJson(Object value) {
        return new CelValues().read(value);
    }

    private static Object number(BigDecimal value) {
        boolean wholeAndLarge =
                value.scale() <= 0
                        && value.abs().compareTo(EXACT_DOUBLE) > 0
                        && value.abs().compareTo(MAX_LONG) <= 0;
        if (wholeAndLarge) {
            return value.longValueExact();
        }
        return value.doubleValue();
    }

    private Json read(Object value) {
        spend(1);
        return switch (value) {
            case CelUnknownSet _ -> throw new NotJson("a name in it has no value here");
            case NullValue _, com.google.protobuf.NullValue _ -> JsonNull.NULL;
            case Boolean bool -> new JsonBool(bool);
            case String text -> text(text);
            case Long number -> Json.number(number);
            case UnsignedLong number -> Json.of(number.bigIntegerValue());
            case Double number when Double.isFinite(number) -> Json.of(number);
            case Double number ->
                    throw new NotJson("the result is " + number + ", which JSON lacks");
            case Instant time -> text(time.toString());
            case Duration duration -> text(duration.toString());
            case List<?> items -> {
                List<Json> list = new ArrayList<>(items.size());
                for (Object item : items) {
                    list.add(read(item));
                }
                yield new JsonArray(list);
            }
            case Map<?, ?> members -> object(members);
            default ->
                    throw new NotJson(
                            "the result holds a value that JSON lacks: "
                                    + value.getClass().getSimpleName());
        };
    }

    private Json object(Map<?, ?> members) {
        Map<String, Json> object = new LinkedHashMap<>();
        members.forEach(
                (name, member) -> {
                    if (!(name instanceof String text)) {
                        throw new NotJson("the result holds a map whose keys are not texts");
                    }
                    spend(text.length());
                    object.put(text, read(member));
                });
        return new JsonObject(object);
    }

    private Json text(String text) {
        spend(text.length());
        return Json.text(text);
    }

    private void spend(int size) {
        budget -= size;
        if (budget < 0) {
            throw new NotJson("the result is larger than " + MAX_RESULT + " characters");
        }
    }
}
