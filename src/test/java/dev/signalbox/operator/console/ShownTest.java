package dev.signalbox.operator.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.json.Json;
import dev.signalbox.wire.JsonCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownTest {

    @Test
    void an_object_reads_as_fields_on_one_line_and_as_indented_json() {
        Shown shown =
                Shown.of(JsonCodec.parse("{\"orderId\":\"A-1\",\"amount\":20,\"tags\":[1,2]}"));

        assertThat(shown.line()).isEqualTo("orderId: A-1, amount: 20, tags: [2]");
        assertThat(shown.fields()).extracting(Shown.Field::value).contains("A-1", "20", "[1,2]");
        assertThat(shown.text())
                .isEqualTo(
                        """
                        {
                          "orderId": "A-1",
                          "amount": 20,
                          "tags": [
                            1,
                            2
                          ]
                        }\
                        """);
    }

    @Test
    void the_indented_text_is_the_value_itself() {
        Json value = JsonCodec.parse("{\"a\":[],\"b\":{},\"c\":[{\"d\\n\":null}],\"e\":1.50}");

        String text = Shown.indented(value);

        assertThat(JsonCodec.parse(text)).isEqualTo(value);
    }

    @Test
    void long_text_is_clamped_and_its_length_said() {
        Shown shown = Shown.of(Json.text("word ".repeat(100)));

        assertThat(shown.line()).hasSizeLessThan(150).endsWith("…");
        assertThat(shown.size()).isEqualTo("500 characters");
    }

    @Test
    void a_clamp_never_splits_a_character() {
        String clamped = Shown.clamped("ab\uD83D\uDE80cd", 3);

        assertThat(clamped).isEqualTo("ab…");
    }

    @Test
    void an_erased_value_is_not_an_empty_one() {
        Shown shown = Shown.of(Optional.empty());

        assertThat(shown.present()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.5S, 500 ms",
        "PT9.04S, 9.0 s",
        "PT42S, 42 s",
        "PT3M4S, 3 min 4 s",
        "PT2H, 2 h",
        "PT26H30M, 1 d 2 h"
    })
    void durations_are_told_in_the_units_that_matter(Duration length, String words) {
        String told = Words.took(length);

        assertThat(told).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"PT-1S, just now", "PT-12M-9S, 12 min ago", "PT3H59M, in 3 h", "PT-50H, 2 d ago"})
    void times_are_told_as_distances(Duration away, String words) {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");

        Words.When told = Words.when(now.plus(away), now);

        assertThat(told.relative()).isEqualTo(words);
    }
}
