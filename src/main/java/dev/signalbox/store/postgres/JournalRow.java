package dev.signalbox.store.postgres;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.wire.JsonCodec;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What one commit has added to a journal, in its row.
final class JournalRow {

    /// The columns that [#entries(RunId, Row)] reads.
    static final String COLUMNS = "last_seq, prev_hash, entries";

    private static final int AT = 0;
    private static final int TYPE = 1;
    private static final int EFFECT_ID = 2;
    private static final int DATA = 3;
    private static final int HASH = 4;

    private JournalRow() {}

    /// The column `entries`.
    static String text(List<JournalEntry> entries) {
        StringBuilder out = new StringBuilder();
        String before = "[[\"";
        for (JournalEntry entry : entries) {
            out.append(before).append(entry.at()).append("\",\"").append(entry.type());
            entry.effectId()
                    .ifPresentOrElse(
                            id -> out.append("\",").append(Json.text(id.value()).canonical()),
                            () -> out.append("\",null"));
            out.append(',').append(entry.data().canonical());
            out.append(",\"").append(entry.hash().hex()).append("\"]");
            before = ",[\"";
        }
        return out.append(']').toString();
    }

    static List<JournalEntry> entries(RunId id, Row row) {
        List<Json> items = ((JsonArray) JsonCodec.parse(row.getString("entries"))).items();
        List<JournalEntry> entries = new ArrayList<>(items.size());
        long seq = row.getLong("last_seq") - items.size();
        Digest prevHash = Sql.digest(row, "prev_hash");
        for (Json item : items) {
            seq++;
            JournalEntry entry = entry(id, seq, prevHash, ((JsonArray) item).items());
            entries.add(entry);
            prevHash = entry.hash();
        }
        return entries;
    }

    private static JournalEntry entry(RunId id, long seq, Digest prevHash, List<Json> parts) {
        return new JournalEntry(
                id,
                seq,
                Instant.parse(text(parts, AT)),
                text(parts, TYPE),
                parts.get(EFFECT_ID) instanceof JsonText(String effect)
                        ? Optional.of(new EffectId(effect))
                        : Optional.empty(),
                (JsonObject) parts.get(DATA),
                prevHash,
                Digest.ofHex(text(parts, HASH)));
    }

    private static String text(List<Json> parts, int at) {
        return ((JsonText) parts.get(at)).value();
    }
}
