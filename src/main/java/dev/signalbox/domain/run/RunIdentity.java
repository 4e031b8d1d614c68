package dev.signalbox.domain.run;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What never changes about a run once it is submitted.
///
/// @param priority 0 (least urgent) to 9
/// @param deadline when the run fails if it has not finished, waits included
/// @param traceId the W3C trace id, 32 hexadecimal digits, that all of the run's spans share
/// @param parentSpanId the submitter's span, 16 hexadecimal digits, if there was one
public record RunIdentity(
        RunId id,
        DefinitionRef definition,
        String tenant,
        String requestedBy,
        Map<String, String> labels,
        int priority,
        Digest input,
        Optional<Instant> deadline,
        Lineage lineage,
        String traceId,
        Optional<String> parentSpanId,
        Instant createdAt) {

    public RunIdentity {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }
}
