package dev.signalbox.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.domain.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// What is printed for programs reads back as the same value, and cannot command a terminal.
class DocumentsTest {

    @Provide
    Arbitrary<Json> values() {
        Arbitrary<Json> texts = Arbitraries.strings().all().ofMaxLength(12).map(Json::text);
        Arbitrary<Json> awkward =
                Arbitraries.of(
                                "",
                                " ",
                                "true",
                                "No",
                                "null",
                                "~",
                                "1",
                                "1e5",
                                ".inf",
                                "0x1f",
                                "2026-11-01",
                                "- a",
                                "a: b",
                                "a #b",
                                "#",
                                "*a",
                                "&a",
                                "!a",
                                "%a",
                                "@a",
                                "`a",
                                "\u001b[2J",
                                "\u009b2J",
                                "\u202e",
                                "\u2028",
                                "a\nb",
                                "\"",
                                "\\",
                                "{",
                                "[",
                                "y",
                                "e5",
                                "a.b",
                                "=",
                                "<<")
                        .map(Json::text);
        Arbitrary<Json> simple =
                Arbitraries.oneOf(
                        texts,
                        awkward,
                        Arbitraries.longs().map(Json::number),
                        Arbitraries.of(true, false).map(Json::of),
                        Arbitraries.of(Json.JsonNull.NULL, Json.JsonObject.EMPTY));
        return Arbitraries.lazyOf(
                () -> simple,
                () -> simple,
                () -> values().list().ofMaxSize(3).map(Json.JsonArray::new),
                () ->
                        Arbitraries.maps(
                                        Arbitraries.oneOf(
                                                Arbitraries.strings().all().ofMaxLength(5),
                                                Arbitraries.of("a", "true", "1", "\u001b", "")),
                                        values())
                                .ofMaxSize(3)
                                .map(Json::of));
    }

    @Property(tries = 500)
    void jsonReadsBack(@ForAll("values") Json value) {
        assertThat(JsonReader.read(Documents.json(value))).isEqualTo(value);
    }

    @Property(tries = 500)
    void yamlReadsBack(@ForAll("values") Json value) {
        Object read =
                new Load(LoadSettings.builder().build()).loadFromString(Documents.yaml(value));

        assertThat(Json.of(read)).isEqualTo(value);
    }

    @Property(tries = 500)
    void nothingCommandsTheTerminal(@ForAll("values") Json value) {
        String printed =
                Documents.json(value)
                        + Documents.yaml(value)
                        + Plain.line(Field.text(value))
                        + Plain.lines(Field.text(value));

        assertThat(printed.codePoints().filter(point -> point != '\n')).noneMatch(Plain::powerful);
    }

    @Test
    void lookLikeThis() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("name", "refund-agent");
        value.put("tools", List.of("orders.lookup", "payments.refund"));
        value.put("steps", List.of(Map.of("id", 1), Map.of("id", 2)));
        value.put("labels", Map.of());
        value.put("on", "2026-11-01");
        value.put("limits", Map.of("costUsd", 0.5));

        assertThat(Documents.yaml(Json.of(value)))
                .isEqualTo(
                        """
                        name: refund-agent
                        tools:
                          - orders.lookup
                          - payments.refund
                        steps:
                          - id: 1
                          - id: 2
                        labels: {}
                        "on": "2026-11-01"
                        limits:
                          costUsd: 0.5
                        """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1", "{\"a\"}", "1 2", "{\"a\": 1, \"a\": 2}", "nul"})
    void whatIsNoJsonIsRefusedWithAReason(String text) {
        assertThatThrownBy(() -> JsonReader.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("JSON");
    }
}
