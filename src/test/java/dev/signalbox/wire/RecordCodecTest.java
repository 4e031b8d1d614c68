package dev.signalbox.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.RunCommand.Ask;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What was written once reads back as the same record.
class RecordCodecTest {

    record WithObject(Optional<JsonObject> object) {}

    @Test
    void anAbsentJsonValueStaysAbsent() {
        Ask.Reconcile ask = new Ask.Reconcile(new EffectId("e"), false, Optional.empty());

        Ask.Reconcile read = RecordCodec.decode(Ask.Reconcile.class, RecordCodec.encode(ask));

        assertThat(read).isEqualTo(ask);
    }

    @Test
    void anAbsentJsonObjectStaysAbsent() {
        WithObject read = RecordCodec.decode(WithObject.class, JsonObject.EMPTY);

        assertThat(read.object()).isEmpty();
    }

    @Test
    void aJsonValueReadsBack() {
        WithObject record =
                new WithObject(Optional.of((JsonObject) Json.of(Map.of("amount", 20.5))));

        assertThat(RecordCodec.decode(WithObject.class, RecordCodec.encode(record)))
                .isEqualTo(record);
    }
}
