package dev.signalbox.store.postgres;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Status;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.Attention;
import dev.signalbox.store.Lease;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.RunChange.Next;
import dev.signalbox.store.RunFilter;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The one statement that commits a [RunChange].
///
/// Everything hangs on `fenced`: if the lease is not current or the head is elsewhere, it updates
/// no row, and then no other part of the statement finds anything to do.
final class Append {

    static final String STATEMENT =
            """
            WITH fenced AS (
                UPDATE runs
                   SET status = $6, attention = $7, head_seq = $8, head_hash = $9, progress = $10,
                       words = $32,
                       lease_owner = CASE WHEN $11 = 'continue' THEN lease_owner END,
                       lease_until = CASE WHEN $11 = 'continue' THEN lease_until END,
                       dispatched_at = NULL,
                       due_at = CASE
                           WHEN $11 = 'continue' THEN due_at
                           WHEN $11 = 'end' THEN NULL
                           WHEN wake_version <> $13 THEN now()
                           ELSE $12
                       END
                 WHERE id = $1 AND lease_owner = $2 AND lease_epoch = $3
                   AND head_seq = $4 AND head_hash = $5
                   AND NOT EXISTS (
                       SELECT FROM unnest($31::uuid[]) AS expiring(id)
                         LEFT JOIN approvals ON approvals.id = expiring.id
                        WHERE approvals.status IS DISTINCT FROM 'pending')
                RETURNING id
            ), appended AS (
                INSERT INTO journal (run_id, seq, at, type, effect_id, data, prev_hash, hash)
                SELECT fenced.id, entry.*
                  FROM fenced,
                       unnest($14::bigint[], $15::timestamptz[], $16::text[], $17::text[],
                              $18::text[], $19::text[], $20::text[]) AS entry
            ), kept AS (
                INSERT INTO payloads (run_id, digest, content)
                SELECT fenced.id, payload.*
                  FROM fenced, unnest($21::text[], $22::text[]) AS payload
                ON CONFLICT DO NOTHING
            ), opened AS (
                INSERT INTO approvals (run_id, id, tenant, status, expires_at, content)
                SELECT fenced.id, opening.*
                  FROM fenced,
                       unnest($23::uuid[], $24::text[], $25::text[], $26::timestamptz[],
                              $27::text[]) AS opening
            ), closed AS (
                UPDATE approvals
                   SET status = closing.status
                  FROM fenced, unnest($28::uuid[], $29::text[]) AS closing(id, status)
                 WHERE approvals.id = closing.id AND approvals.run_id = fenced.id
                   AND approvals.status = 'pending'
            ), applied AS (
                UPDATE run_commands
                   SET applied_at = now()
                  FROM fenced
                 WHERE run_commands.run_id = fenced.id AND run_commands.id = ANY ($30::uuid[])
            )
            SELECT id FROM fenced
            """;

    private Append() {}

    /// The statement's parameters.
    static @Nullable Object[] parameters(Lease lease, RunChange change) {
        RunSummary after = change.after();
        List<JournalEntry> entries = change.entries();
        List<Map.Entry<Digest, Json>> payloads = List.copyOf(change.payloads().entrySet());
        List<Approval> opened = change.opened();
        List<Map.Entry<ApprovalId, Status>> closed = List.copyOf(change.closed().entrySet());
        Rest rest = Rest.of(change);
        return new @Nullable Object[] {
            lease.runId().value(),
            lease.worker(),
            lease.epoch(),
            change.expectedSeq(),
            change.expectedHash().value(),
            Sql.name(after.status()),
            (short) Attention.band(after),
            after.headSeq(),
            after.headHash().value(),
            RunRow.progress(after),
            rest.kind(),
            rest.due(),
            rest.seen(),
            entries.stream().map(JournalEntry::seq).toArray(Long[]::new),
            entries.stream().map(entry -> Sql.time(entry.at())).toArray(OffsetDateTime[]::new),
            Sql.texts(entries, JournalEntry::type),
            Sql.texts(entries, entry -> entry.effectId().map(EffectId::value).orElse(null)),
            Sql.texts(entries, entry -> entry.data().canonical()),
            Sql.texts(entries, entry -> entry.prevHash().value()),
            Sql.texts(entries, entry -> entry.hash().value()),
            Sql.texts(payloads, payload -> payload.getKey().value()),
            Sql.texts(payloads, payload -> payload.getValue().canonical()),
            opened.stream().map(approval -> approval.id().value()).toArray(UUID[]::new),
            Sql.texts(opened, Approval::tenant),
            Sql.texts(opened, approval -> Sql.name(opensAs(approval, change))),
            opened.stream()
                    .map(approval -> Sql.time(approval.expiresAt()))
                    .toArray(OffsetDateTime[]::new),
            Sql.texts(opened, ApprovalContent::of),
            closed.stream().map(closing -> closing.getKey().value()).toArray(UUID[]::new),
            Sql.texts(closed, closing -> Sql.name(closing.getValue())),
            change.applied().stream().map(CommandId::value).toArray(UUID[]::new),
            change.expiring().stream().map(ApprovalId::value).toArray(UUID[]::new),
            RunFilter.words(after)
        };
    }

    /// One that the same change opens and closes is closed from the start.
    private static Status opensAs(Approval approval, RunChange change) {
        return change.closed().getOrDefault(approval.id(), approval.status());
    }

    /// What becomes of lease and wake-up, as parameters.
    private record Rest(String kind, @Nullable OffsetDateTime due, long seen) {

        static Rest of(RunChange change) {
            if (change.after().status().terminal()) {
                return new Rest("end", null, 0);
            }
            return switch (change.next()) {
                case Next.Continue() -> new Rest("continue", null, 0);
                case Next.Rest(Optional<Instant> due, long seen) ->
                        new Rest("rest", Sql.time(due), seen);
                case Next.End() -> new Rest("end", null, 0);
            };
        }
    }
}
