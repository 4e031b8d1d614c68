package dev.signalbox.domain.json;

import dev.signalbox.domain.id.Digest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A JSON value.
///
/// Guarantee: immutable, and equal values have one canonical text (see [CanonicalJson]).
/// Consequence: [#digest()] names the value wherever it is stored.
public sealed interface Json {

    /// `null`.
    record JsonNull() implements Json {
        public static final JsonNull NULL = new JsonNull();
    }

    /// `true` or `false`.
    record JsonBool(boolean value) implements Json {}

    /// A number, kept exactly, without trailing zeros: `20.0` and `20` are the same number.
    record JsonNumber(BigDecimal value) implements Json {
        public JsonNumber {
            value = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
            if (Math.abs((long) value.precision() - value.scale()) > MAX_EXPONENT
                    || Math.abs((long) value.scale()) > MAX_EXPONENT) {
                throw new IllegalArgumentException(
                        "a number has at most "
                                + MAX_EXPONENT
                                + " digits before or after the point");
            }
        }
    }

    /// A string.
    record JsonText(String value) implements Json {}

    /// An array.
    record JsonArray(List<Json> items) implements Json {
        public JsonArray {
            items = List.copyOf(items);
        }
    }

    /// An object; members keep the order in which they were given, equality ignores it.
    final class JsonObject implements Json {
        public static final JsonObject EMPTY = new JsonObject(Map.of());

        private final Map<String, Json> members;

        /// Kept once made: what is hashed is stored or sent as well.
        private @Nullable String canonical;

        public JsonObject(Map<String, ? extends Json> members) {
            this.members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        public Map<String, Json> members() {
            return members;
        }

        /// The member called `name`, or `null`.
        public @Nullable Json get(String name) {
            return members.get(name);
        }

        @Override
        public String canonical() {
            String text = canonical;
            if (text == null) {
                text = CanonicalJson.write(this);
                canonical = text;
            }
            return text;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof JsonObject object && members.equals(object.members);
        }

        @Override
        public int hashCode() {
            return members.hashCode();
        }

        @Override
        public String toString() {
            return canonical();
        }
    }

    /// Most digits that a number may have on either side of its point: beyond any real quantity,
    /// and small enough that its plain text stays small.
    int MAX_EXPONENT = 400;

    static JsonText text(String value) {
        return new JsonText(value);
    }

    static JsonNumber number(long value) {
        return new JsonNumber(BigDecimal.valueOf(value));
    }

    /// From the plain Java values that parsers and expression languages speak: `null`, `Boolean`,
    /// `Number`, `CharSequence`, `Iterable`, `Map` with text keys.
    ///
    /// @throws IllegalArgumentException for anything else, `NaN` and infinities included
    static Json of(@Nullable Object value) {
        return switch (value) {
            case null -> JsonNull.NULL;
            case Json json -> json;
            case Boolean bool -> new JsonBool(bool);
            case CharSequence text -> new JsonText(text.toString());
            case BigDecimal number -> new JsonNumber(number);
            case BigInteger number -> new JsonNumber(new BigDecimal(number));
            case Double number -> ofDouble(number);
            case Float number -> ofDouble(number.doubleValue());
            case Number number -> number(number.longValue());
            case Iterable<?> items -> {
                List<Json> list = new ArrayList<>();
                items.forEach(item -> list.add(of(item)));
                yield new JsonArray(list);
            }
            case Map<?, ?> map -> {
                Map<String, Json> members = new LinkedHashMap<>();
                map.forEach((name, member) -> members.put(String.valueOf(name), of(member)));
                yield new JsonObject(members);
            }
            default ->
                    throw new IllegalArgumentException(
                            "not a JSON value: " + value.getClass().getName());
        };
    }

    private static Json ofDouble(double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("JSON has no NaN and no infinity");
        }
        return new JsonNumber(BigDecimal.valueOf(number));
    }

    /// The same value as plain Java: `null`, `Boolean`, `BigDecimal`, `String`, `List`, `Map`.
    default @Nullable Object toJava() {
        return switch (this) {
            case JsonNull() -> null;
            case JsonBool(boolean value) -> value;
            case JsonNumber(BigDecimal value) -> value;
            case JsonText(String value) -> value;
            case JsonArray(List<Json> items) -> {
                List<@Nullable Object> list = new ArrayList<>(items.size());
                items.forEach(item -> list.add(item.toJava()));
                yield Collections.unmodifiableList(list);
            }
            case JsonObject object -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                object.members().forEach((name, member) -> map.put(name, member.toJava()));
                yield Collections.unmodifiableMap(map);
            }
        };
    }

    /// The digests among its texts, at any depth.
    default Stream<Digest> digests() {
        return switch (this) {
            case JsonText(String text) -> Digest.find(text).stream();
            case JsonArray(List<Json> items) -> items.stream().flatMap(Json::digests);
            case JsonObject object -> object.members().values().stream().flatMap(Json::digests);
            case JsonNull _, JsonBool _, JsonNumber _ -> Stream.empty();
        };
    }

    /// The canonical text.
    default String canonical() {
        return CanonicalJson.write(this);
    }

    /// Digest of the canonical text.
    default Digest digest() {
        return Digest.of(canonical());
    }
}
