package dev.signalbox.domain.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.id.Digest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    @DisplayName("finds the digests at any depth, and takes nothing else for one")
    void digests() {
        Digest shallow = Digest.of("shallow");
        Digest deep = Digest.of("deep");
        Json value =
                Json.of(
                        Map.of(
                                "arguments",
                                shallow.value(),
                                "calls",
                                List.of(Map.of("arguments", deep.value(), "attempt", 1)),
                                "reason",
                                "sha256:see the ticket",
                                shallow.value() + " is a name",
                                true));

        assertThat(value.digests()).containsExactlyInAnyOrder(shallow, deep);
    }
}
