package dev.signalbox.store.postgres;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.wire.JsonCodec;
import io.vertx.mutiny.sqlclient.Row;
import java.util.Optional;

/// A journal entry in its row.
final class JournalRow {

    private JournalRow() {}

    static JournalEntry entry(RunId id, long seq, Row row) {
        return new JournalEntry(
                id,
                seq,
                Sql.time(row, "at"),
                row.getString("type"),
                Optional.ofNullable(row.getString("effect_id")).map(EffectId::new),
                JsonCodec.parseObject(row.getString("data")),
                new Digest(row.getString("prev_hash")),
                new Digest(row.getString("hash")));
    }
}
