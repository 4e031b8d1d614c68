package dev.signalbox.operator.view;

import dev.signalbox.domain.evidence.StrictReplay;
import dev.signalbox.domain.evidence.StrictReplay.Report;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.DefinitionRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// What came of a strict replay.
///
/// @param definition what it was replayed with
/// @param decisions entries that planner and policy decided
/// @param matched those that would be decided the same again
/// @param unchecked policy decisions that cannot be made again, because values are erased or the
///     definition has no such tool
@Schema(name = "Replay")
public record ReplayView(
        @Schema(implementation = String.class, format = "uuid") RunId runId,
        Definition definition,
        int decisions,
        int matched,
        int unchecked,
        @Schema(implementation = Divergence.class, nullable = true)
                Optional<Divergence> firstDivergence) {

    /// A definition.
    @Schema(name = "ReplayedDefinition")
    public record Definition(String name, String version, String digest) {}

    /// The first entry that would be another today.
    ///
    /// @param planned what would be done there
    @Schema(name = "ReplayDivergence")
    public record Divergence(
            EvidenceView evidence,
            Instant at,
            String type,
            String recorded,
            List<String> planned) {
        public Divergence {
            planned = List.copyOf(planned);
        }
    }

    public static ReplayView of(RunId run, DefinitionRef definition, Report report) {
        return new ReplayView(
                run,
                new Definition(
                        definition.name(), definition.version(), definition.digest().value()),
                report.decisions(),
                report.matched(),
                report.unchecked(),
                report.firstDivergence().map(ReplayView::divergence));
    }

    private static Divergence divergence(StrictReplay.Divergence found) {
        return new Divergence(
                EvidenceView.of(found.evidence()),
                found.at(),
                found.type(),
                found.recorded(),
                found.planned());
    }
}
