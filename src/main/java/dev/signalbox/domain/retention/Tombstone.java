package dev.signalbox.domain.retention;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import java.time.Instant;

/// What is left of a run that has been pruned: enough to know that it was there, what its chain
/// ended with and why it is gone; nothing of what it was about.
///
/// @param headSeq how many entries its journal had
/// @param headHash the hash of the last of them
/// @param rule by which its tree went
public record Tombstone(
        RunId id,
        String tenant,
        DefinitionRef definition,
        RunStatus status,
        Lineage lineage,
        Instant createdAt,
        Instant finishedAt,
        long headSeq,
        Digest headHash,
        Instant prunedAt,
        RetentionRule rule) {

    /// The stone of a run that has ended.
    public static Tombstone of(RunSummary run, Instant prunedAt, RetentionRule rule) {
        return new Tombstone(
                run.identity().id(),
                run.identity().tenant(),
                run.identity().definition(),
                run.status(),
                run.identity().lineage(),
                run.identity().createdAt(),
                run.finishedAt().orElse(run.updatedAt()),
                run.headSeq(),
                run.headHash(),
                prunedAt,
                rule);
    }
}
