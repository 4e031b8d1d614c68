package dev.signalbox.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonCodecTest {

    @Property(tries = 500)
    @Label("what is written is what is read")
    void roundTrip(@ForAll("values") Json value) {
        assertThat(JsonCodec.parse(value.canonical())).isEqualTo(value);
        assertThat(JsonCodec.parse(value.canonical()).canonical()).isEqualTo(value.canonical());
    }

    @Property(tries = 300)
    @Label("a digest does not depend on the order of members")
    void digestIgnoresOrder(@ForAll("values") Json value, @ForAll long seed) {
        assertThat(shuffled(value, new Random(seed)).digest()).isEqualTo(value.digest());
    }

    @Property(tries = 500)
    @Label("a text is JSON or an invalid request, never another error")
    void neverAnythingElse(@ForAll @StringLength(max = 60) String text) {
        try {
            assertThat(JsonCodec.parse(text)).isNotNull();
        } catch (ProblemException refused) {
            assertThat(refused.problem().code()).isEqualTo(ProblemCode.INVALID_REQUEST);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "20.0 | 20",
                "1e3 | 1000",
                "-0 | 0",
                "0.10 | 0.1",
                "12345678901234567890.123456789 | 12345678901234567890.123456789",
                "{\"b\":1,\"a\":[true,null]} | {\"a\":[true,null],\"b\":1}",
                "\"\\u0041\\/\" | \"A/\"",
            })
    @DisplayName("equal values have one text, and numbers keep all their digits")
    void canonical(String text, String canonical) {
        assertThat(JsonCodec.parse(text).canonical()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | nothing",
                "{\"a\":1,\"a\":2} | Duplicate field",
                "{\"a\":1} x | malformed JSON",
                "{ | (start marker at [line: 1, column: 1])",
                "1 2 | expected the end",
                "NaN | malformed JSON",
                "{'a':1} | malformed JSON",
                "[1,] | malformed JSON",
                "1e999 | digits",
                "1e999999999 | digits",
                "01 | malformed JSON",
            })
    void strict(String text, String reason) {
        assertThatThrownBy(() -> JsonCodec.parse(text))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(reason);
    }

    @Test
    @DisplayName("depth and length are bounded")
    void bounded() {
        assertThat(JsonCodec.parse("[".repeat(64) + "]".repeat(64))).isNotNull();
        assertThatThrownBy(() -> JsonCodec.parse("[".repeat(65) + "]".repeat(65)))
                .isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> JsonCodec.parse("[".repeat(1_000_000)))
                .isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> JsonCodec.parse("9".repeat(1_000_000)))
                .isInstanceOf(ProblemException.class);
    }

    @Provide
    Arbitrary<Json> values() {
        Arbitrary<Json> numbers =
                Arbitraries.bigDecimals()
                        .between(new BigDecimal("-1e30"), new BigDecimal("1e30"))
                        .ofScale(6)
                        .map(JsonNumber::new);
        Arbitrary<Json> texts = Arbitraries.strings().ofMaxLength(12).map(Json::text);
        Arbitrary<Json> leaves =
                Arbitraries.oneOf(
                        Arbitraries.just(JsonNull.NULL),
                        Arbitraries.of(true, false).map(JsonBool::new),
                        numbers,
                        texts);
        return Arbitraries.recursive(() -> leaves, JsonCodecTest::nested, 0, 3);
    }

    private static Arbitrary<Json> nested(Arbitrary<Json> inner) {
        Arbitrary<Json> arrays = inner.list().ofMaxSize(4).map(JsonArray::new);
        Arbitrary<Json> objects =
                Arbitraries.maps(Arbitraries.strings().ofMaxLength(5), inner)
                        .ofMaxSize(4)
                        .map(JsonObject::new);
        return Arbitraries.oneOf(inner, arrays, objects);
    }

    private static Json shuffled(Json value, Random random) {
        return switch (value) {
            case JsonArray(List<Json> items) ->
                    new JsonArray(items.stream().map(item -> shuffled(item, random)).toList());
            case JsonObject object -> {
                List<String> names = new ArrayList<>(object.members().keySet());
                Collections.shuffle(names, random);
                Map<String, Json> other = new LinkedHashMap<>();
                names.forEach(
                        name -> other.put(name, shuffled(object.members().get(name), random)));
                yield new JsonObject(other);
            }
            default -> value;
        };
    }
}
