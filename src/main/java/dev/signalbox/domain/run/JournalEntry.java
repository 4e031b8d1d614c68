package dev.signalbox.domain.run;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// One link of a run's hash chain, as it is stored and as it goes out.
///
/// @param seq counted from 1
/// @param at to the microsecond
/// @param type the event's name on the wire
/// @param data the event's fields
/// @param prevHash hash of the entry before; [#GENESIS] at the first
/// @param hash of all of the above but the effect id, which stands in `data` too
public record JournalEntry(
        RunId runId,
        long seq,
        Instant at,
        String type,
        Optional<EffectId> effectId,
        JsonObject data,
        Digest prevHash,
        Digest hash) {

    /// What the first entry of every chain follows.
    public static final Digest GENESIS = new Digest("sha256:" + "0".repeat(64));

    /// The entry that follows the one whose hash is `prevHash`.
    public static JournalEntry link(
            RunId runId,
            long seq,
            Instant at,
            String type,
            Optional<EffectId> effectId,
            JsonObject data,
            Digest prevHash) {
        Instant stamp = at.truncatedTo(ChronoUnit.MICROS);
        return new JournalEntry(
                runId,
                seq,
                stamp,
                type,
                effectId,
                data,
                prevHash,
                hash(runId, seq, stamp, type, data, prevHash));
    }

    /// Whether the entry's hash is what its content says.
    public boolean intact() {
        return hash.equals(hash(runId, seq, at, type, data, prevHash));
    }

    private static Digest hash(
            RunId runId, long seq, Instant at, String type, JsonObject data, Digest prevHash) {
        return Digest.of(
                String.join(
                        "\n",
                        prevHash.value(),
                        runId.toString(),
                        Long.toString(seq),
                        at.toString(),
                        type,
                        data.canonical()));
    }
}
