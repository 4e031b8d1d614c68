package dev.signalbox.operator.view;

import dev.signalbox.domain.evidence.Evidence;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// The journal entry that proves a statement.
@Schema(name = "Evidence")
public record EvidenceView(@Schema(format = "uuid") String runId, long seq, String hash) {

    public static EvidenceView of(Evidence evidence) {
        return new EvidenceView(
                evidence.runId().toString(), evidence.seq(), evidence.hash().value());
    }
}
