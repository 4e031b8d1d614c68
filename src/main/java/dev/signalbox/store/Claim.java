package dev.signalbox.store;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunSummary;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A run that a worker has just taken.
///
/// @param wakeVersion as of the claim; 0 if nobody has ever asked anything of the run
/// @param history the whole journal and what it names, if the store had it at hand
public record Claim(Lease lease, RunSummary run, long wakeVersion, Optional<History> history) {

    /// A journal, and the payloads that it names.
    public record History(List<JournalEntry> entries, Map<Digest, Json> payloads) {
        public History {
            entries = List.copyOf(entries);
            payloads = Map.copyOf(payloads);
        }
    }
}
