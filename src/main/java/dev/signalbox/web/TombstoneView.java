package dev.signalbox.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.retention.Tombstone;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// What is left of a run that has been pruned.
///
/// @param headSeq how many events its journal had
/// @param headHash the hash of the last of them
@Schema(name = "Tombstone")
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record TombstoneView(
        @Schema(implementation = String.class, format = "uuid") RunId id,
        String definition,
        String version,
        @Schema(implementation = String.class) Digest definitionDigest,
        @Schema(implementation = String.class, enumeration = {"agent", "workflow"})
                DefinitionRef.Kind kind,
        RunStatus status,
        Instant createdAt,
        Instant finishedAt,
        @Schema(implementation = String.class, format = "uuid") RunId rootRunId,
        @Schema(implementation = String.class, format = "uuid") Optional<RunId> parentRunId,
        @Schema(implementation = RunView.Branch.class) Optional<RunView.Branch> branchedFrom,
        long headSeq,
        @Schema(implementation = String.class) Digest headHash,
        Instant prunedAt,
        Rule rule) {

    /// By what it went.
    ///
    /// @param definition of the root of its tree
    /// @param status that the root ended with
    /// @param version of the definition that says so, if one does
    @Schema(name = "RetentionRule")
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Rule(
            SetBy setBy,
            String definition,
            @Schema(implementation = String.class) Optional<String> version,
            RunStatus status,
            @Schema(implementation = String.class, examples = "PT720H") Duration period) {}

    /// Who says how long.
    public enum SetBy {
        DEFINITION,
        HOST
    }

    public static TombstoneView of(Tombstone stone) {
        return new TombstoneView(
                stone.id(),
                stone.definition().name(),
                stone.definition().version(),
                stone.definition().digest(),
                stone.definition().kind(),
                stone.status(),
                stone.createdAt(),
                stone.finishedAt(),
                stone.lineage().root(),
                stone.lineage().parent(),
                stone.lineage()
                        .branchedFrom()
                        .map(from -> new RunView.Branch(from.runId(), from.seq())),
                stone.headSeq(),
                stone.headHash(),
                stone.prunedAt(),
                new Rule(
                        stone.rule().version().isPresent() ? SetBy.DEFINITION : SetBy.HOST,
                        stone.rule().definition(),
                        stone.rule().version(),
                        stone.rule().status(),
                        stone.rule().period()));
    }
}
