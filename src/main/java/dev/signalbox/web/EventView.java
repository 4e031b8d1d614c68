package dev.signalbox.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.JournalEntry;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// A journal entry, as both planes show it. The chain verifies from `data`; `payloads` adds the
/// values that `data` names by digest, as far as they have not been erased.
@Schema(name = "Event")
public record EventView(
        @Schema(implementation = String.class, format = "uuid") RunId runId,
        long seq,
        Instant at,
        @Schema(examples = "run_submitted") String type,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) @Schema(implementation = String.class)
                Optional<EffectId> effectId,
        @Schema(implementation = Object.class) JsonObject data,
        @Schema(implementation = String.class) Digest prevHash,
        @Schema(implementation = String.class) Digest hash,
        @Schema(implementation = Object.class) Map<String, Json> payloads) {

    /// @param payloads at least those values of the run that `entry` names
    public static EventView of(JournalEntry entry, Map<Digest, Json> payloads) {
        Map<String, Json> named = new TreeMap<>();
        for (Digest digest : digests(List.of(entry))) {
            Json value = payloads.get(digest);
            if (value != null) {
                named.put(digest.value(), value);
            }
        }
        return new EventView(
                entry.runId(),
                entry.seq(),
                entry.at(),
                entry.type(),
                entry.effectId(),
                entry.data(),
                entry.prevHash(),
                entry.hash(),
                named);
    }

    /// Everything in the entries' data that looks like a digest.
    public static Set<Digest> digests(Collection<JournalEntry> entries) {
        return entries.stream()
                .flatMap(entry -> entry.data().digests())
                .collect(Collectors.toUnmodifiableSet());
    }
}
