package dev.signalbox.operator.trace;

import dev.signalbox.domain.json.Json;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A span that a journal tells of.
///
/// @param id the first 16 hexadecimal digits of the hash of the entry that opens it
/// @param parent id of the span around it, if there is one
/// @param marks the entries that belong to it
/// @param error why it failed, if it did
public record JournalSpan(
        String id,
        Optional<String> parent,
        String name,
        Kind kind,
        Instant start,
        Instant end,
        Map<String, Json> attributes,
        List<Mark> marks,
        Optional<String> error) {

    /// OpenTelemetry's kinds, as far as they are needed.
    public enum Kind {
        INTERNAL(1),
        CLIENT(3);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    /// A journal entry.
    public record Mark(Instant at, String type, Map<String, Json> attributes) {
        public Mark {
            attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        }
    }

    public JournalSpan {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        marks = List.copyOf(marks);
    }
}
