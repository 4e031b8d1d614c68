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

    /// @param row with `prev_hash`, the hash of the entry before
    static JournalEntry entry(RunId id, Row row) {
        return entry(id, row.getLong("seq"), Sql.digest(row, "prev_hash"), row);
    }

    static JournalEntry first(RunId id, Row row) {
        return entry(id, 1, JournalEntry.GENESIS, row);
    }

    private static JournalEntry entry(RunId id, long seq, Digest prevHash, Row row) {
        return new JournalEntry(
                id,
                seq,
                Sql.time(row, "at"),
                row.getString("type"),
                Optional.ofNullable(row.getString("effect_id")).map(EffectId::new),
                JsonCodec.parseObject(row.getString("data")),
                prevHash,
                Sql.digest(row, "hash"));
    }
}
