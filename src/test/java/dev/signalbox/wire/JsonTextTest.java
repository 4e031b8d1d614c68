package dev.signalbox.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\0\"",
                "a\0b",
                "\uD800 alone",
                "\uDC00",
                "back \uDC00\uD800 to front",
                "🚂",
                "\u2028\u2029\u007f\u0001"
            })
    void anyTextSurvivesItsCanonicalForm(String text) {
        Json value = new JsonObject(Map.of(text, Json.text(text)));
        byte[] stored = value.canonical().getBytes(UTF_8);

        Json read = JsonCodec.parse(new String(stored, UTF_8));

        assertThat(read).isEqualTo(value);
        assertThat(read.digest()).isEqualTo(value.digest());
        assertThat(value.canonical()).doesNotContain("\0");
    }

    @Test
    void textsThatDifferHaveDigestsThatDiffer() {
        Digest unpaired = Json.text("\uD800").digest();

        Digest question = Json.text("?").digest();

        assertThat(unpaired).isNotEqualTo(question);
    }
}
