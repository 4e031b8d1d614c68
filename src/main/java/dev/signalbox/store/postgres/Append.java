package dev.signalbox.store.postgres;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Status;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.Attention;
import dev.signalbox.store.Lease;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.RunChange.Next;
import dev.signalbox.store.RunFilter;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import dev.signalbox.wire.CommandCodec;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The one statement that commits the [RunChange]s of any number of runs.
///
/// Everything hangs on `fenced`: for a run whose lease is not current or whose head is elsewhere,
/// it updates no row, and then no other part of the statement finds anything to do for that run.
/// Rows come back for the runs that were not fenced off, and no others.
final class Append {

    /// One run's change, under its lease.
    record Item(Lease lease, RunChange change) {}

    private static final String FENCED =
            """
            WITH change AS (
                SELECT *
                  FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[],
                              $6::text[], $7::smallint[], $8::bigint[], $9::text[], $10::text[],
                              $11::text[], $12::text[], $13::timestamptz[], $14::bigint[],
                              $15::bytea[], $16::text[])
                    AS change(run_id, owner, epoch, seq, hash, next_status, next_attention,
                              next_seq, next_hash, next_progress, next_words, next, due, seen,
                              prev_hash, entries)
            ), fenced AS (
                UPDATE runs
                   SET status = next_status, attention = next_attention, head_seq = next_seq,
                       head_hash = next_hash, progress = next_progress, words = next_words,
                       lease_owner = CASE WHEN next = 'continue' THEN lease_owner END,
                       lease_until = CASE WHEN next = 'continue' THEN lease_until END,
                       dispatched_at = NULL,
                       ended_at = CASE
                           WHEN next_status IN ('completed', 'failed', 'cancelled') THEN now()
                       END,
                       due_at = CASE
                           WHEN next = 'continue' THEN due_at
                           WHEN next = 'end' THEN NULL
                           WHEN wake_version <> seen THEN now()
                           ELSE due
                       END
                  FROM change
                 WHERE id = run_id AND lease_owner = owner AND lease_epoch = epoch
                   AND head_seq = seq AND head_hash = hash
                   %s
                RETURNING id, wake_version
            ), appended AS (
                INSERT INTO journal (run_id, last_seq, prev_hash, entries)
                SELECT run_id, next_seq, prev_hash, entries
                  FROM change JOIN fenced ON fenced.id = run_id
                 WHERE entries IS NOT NULL
            )
            """;

    /// For whom there are sinks; only part of the statement while this process knows of some.
    private static final String NOTED =
            """
            , noted AS (
                INSERT INTO sink_notes (sink, run_id, after_seq, last_seq)
                SELECT sinks.name, run_id, seq, next_seq
                  FROM change JOIN fenced ON fenced.id = run_id CROSS JOIN sinks
                 WHERE entries IS NOT NULL
            )
            """;

    private static final String KEPT =
            """
            , kept AS (
                INSERT INTO payloads (run_id, digest, content)
                SELECT payload.*
                  FROM unnest($17::uuid[], $18::bytea[], $19::text[])
                    AS payload(run_id, digest, content)
                  JOIN fenced ON fenced.id = payload.run_id
                ON CONFLICT DO NOTHING
            )
            """;

    private static final String OPENED_CLOSED_APPLIED =
            """
            , opened AS (
                INSERT INTO approvals (run_id, id, tenant, status, expires_at, content)
                SELECT opening.*
                  FROM unnest($20::uuid[], $21::uuid[], $22::text[], $23::text[],
                              $24::timestamptz[], $25::text[])
                    AS opening(run_id, id, tenant, status, expires_at, content)
                  JOIN fenced ON fenced.id = opening.run_id
            ), closed AS (
                UPDATE approvals
                   SET status = closing.status
                  FROM unnest($26::uuid[], $27::uuid[], $28::text[]) AS closing(run_id, id, status)
                  JOIN fenced ON fenced.id = closing.run_id
                 WHERE approvals.id = closing.id AND approvals.run_id = fenced.id
                   AND approvals.status = 'pending'
            ), applied AS (
                UPDATE run_commands
                   SET applied_at = now()
                  FROM unnest($29::uuid[], $30::uuid[]) AS answered(run_id, id)
                  JOIN fenced ON fenced.id = answered.run_id
                 WHERE run_commands.run_id = fenced.id AND run_commands.id = answered.id
            )
            """;

    /// What concerns other runs; they are woken afterwards, see [PostgresRunStore#append].
    private static final String RELATED =
            """
            , posted AS (
                INSERT INTO run_commands (id, run_id, content, posted_at)
                SELECT post.id, post.target, post.content, now()
                  FROM unnest($31::uuid[], $32::uuid[], $33::uuid[], $34::text[])
                    AS post(run_id, id, target, content)
                  JOIN fenced ON fenced.id = post.run_id
                  JOIN runs ON runs.id = post.target
                 WHERE runs.status NOT IN ('completed', 'failed', 'cancelled')
            ), created AS (
                INSERT INTO runs (id, tenant, status, definition, labels, priority, root_id,
                                  created_at, attention, head_seq, head_hash, identity, progress,
                                  words, due_at)
                SELECT child.id, tenant, status, definition, labels::jsonb, priority, root_id,
                       created_at, attention, head_seq, head_hash, identity, progress, words, now()
                  FROM unnest($35::uuid[], $36::uuid[], $37::text[], $38::text[], $39::text[],
                              $40::text[], $41::smallint[], $42::uuid[], $43::timestamptz[],
                              $44::smallint[], $45::bigint[], $46::text[], $47::text[],
                              $48::text[], $49::text[])
                    AS child(run_id, id, tenant, status, definition, labels, priority, root_id,
                             created_at, attention, head_seq, head_hash, identity, progress, words)
                  JOIN fenced ON fenced.id = child.run_id
                RETURNING id
            ), submitted AS (
                INSERT INTO journal (run_id, last_seq, prev_hash, entries)
                SELECT entry.*
                  FROM unnest($36::uuid[], $45::bigint[], $50::bytea[], $51::text[])
                    AS entry(run_id, last_seq, prev_hash, entries)
                  JOIN created ON created.id = entry.run_id
            ), given AS (
                INSERT INTO payloads (run_id, digest, content)
                SELECT payload.*
                  FROM unnest($52::uuid[], $53::bytea[], $54::text[])
                    AS payload(run_id, digest, content)
                  JOIN created ON created.id = payload.run_id
            )
            """;

    private static final String NOTED_CHILDREN =
            """
            , children_noted AS (
                INSERT INTO sink_notes (sink, run_id, after_seq, last_seq)
                SELECT sinks.name, created.id, 0, 1 FROM created CROSS JOIN sinks
            )
            """;

    private static final String ANSWER = "SELECT id, wake_version FROM fenced";

    /// An approval may only expire while nobody has decided on it.
    private static final String UNDECIDED =
            """
            AND NOT EXISTS (
                SELECT FROM unnest($55::uuid[]) AS expiring(id)
                  LEFT JOIN approvals ON approvals.id = expiring.id
                 WHERE approvals.status IS DISTINCT FROM 'pending')
            """;

    /// How much of the statement a batch needs: most changes touch neither approvals nor commands.
    private enum Shape {
        ENTRIES(FENCED.formatted(""), "", ""),
        PAYLOADS(FENCED.formatted(""), KEPT, ""),
        INBOXES(FENCED.formatted(""), KEPT + OPENED_CLOSED_APPLIED, ""),
        RELATIVES(FENCED.formatted(""), KEPT + OPENED_CLOSED_APPLIED, RELATED),
        EXPIRY(FENCED.formatted(UNDECIDED), KEPT + OPENED_CLOSED_APPLIED, RELATED);

        private final String statement;
        private final String noted;

        Shape(String fenced, String rest, String related) {
            this.statement = fenced + rest + related + ANSWER;
            this.noted =
                    fenced
                            + NOTED
                            + rest
                            + (related.isEmpty() ? "" : related + NOTED_CHILDREN)
                            + ANSWER;
        }

        static Shape of(RunChange change) {
            if (!change.expiring().isEmpty()) {
                return EXPIRY;
            }
            if (!change.children().isEmpty() || !change.posts().isEmpty()) {
                return RELATIVES;
            }
            if (!change.opened().isEmpty()
                    || !change.closed().isEmpty()
                    || !change.applied().isEmpty()) {
                return INBOXES;
            }
            return change.payloads().isEmpty() ? ENTRIES : PAYLOADS;
        }
    }

    /// Something of one run's change.
    private record Part<T>(UUID run, T what) {}

    /// Most runs of one commit.
    private static final int COMMIT = 256;

    private final List<Item> items;
    private final Shape shape;

    /// Appends of any number of runs at once, as few commits as it takes.
    ///
    /// @param noting whether there are sinks to leave notes for
    static Batches<Item, Long> batches(Sql sql, AtomicBoolean noting) {
        return new Batches<>(
                COMMIT,
                item -> item.lease().runId(),
                items -> {
                    Append append = new Append(items);
                    return sql.query(append.statement(noting.get()), append.parameters())
                            .map(append::versions);
                });
    }

    Append(List<Item> items) {
        this.items = items;
        this.shape =
                items.stream()
                        .map(item -> Shape.of(item.change()))
                        .max(Comparator.naturalOrder())
                        .orElse(Shape.ENTRIES);
    }

    String statement(boolean noting) {
        return noting ? shape.noted : shape.statement;
    }

    /// The parameters of [#statement].
    @Nullable Object[] parameters() {
        List<Object> parameters = new ArrayList<>(55);
        addHeads(parameters);
        if (shape.compareTo(Shape.PAYLOADS) >= 0) {
            addPayloads(parameters);
        }
        if (shape.compareTo(Shape.INBOXES) >= 0) {
            addInboxes(parameters);
        }
        if (shape.compareTo(Shape.RELATIVES) >= 0) {
            addPosts(parameters);
            addChildren(parameters);
        }
        if (shape == Shape.EXPIRY) {
            parameters.add(uuids(parts(RunChange::expiring), ApprovalId::value));
        }
        return parameters.toArray();
    }

    /// The wake version of each run that was not fenced off, in the order of the items.
    List<Optional<Long>> versions(List<Row> rows) {
        Map<UUID, Long> versions = new HashMap<>();
        rows.forEach(row -> versions.put(row.getUUID("id"), row.getLong("wake_version")));
        return items.stream()
                .map(item -> Optional.ofNullable(versions.get(item.lease().runId().value())))
                .toList();
    }

    private void addHeads(List<Object> parameters) {
        List<Part<Item>> heads =
                items.stream().map(item -> new Part<>(item.lease().runId().value(), item)).toList();
        List<Part<RunSummary>> after = parts(change -> List.of(change.after()));
        List<Part<Rest>> rests = parts(change -> List.of(Rest.of(change)));
        parameters.add(runs(heads));
        parameters.add(texts(heads, item -> item.lease().worker()));
        parameters.add(longs(heads, item -> item.lease().epoch()));
        parameters.add(longs(heads, item -> item.change().expectedSeq()));
        parameters.add(texts(heads, item -> item.change().expectedHash().value()));
        parameters.add(texts(after, run -> Sql.name(run.status())));
        parameters.add(
                Sql.shorts(after, run -> Attention.band(run.what())));
        parameters.add(longs(after, RunSummary::headSeq));
        parameters.add(texts(after, run -> run.headHash().value()));
        parameters.add(texts(after, RunRow::progress));
        parameters.add(texts(after, RunFilter::words));
        parameters.add(texts(rests, Rest::kind));
        parameters.add(times(rests, Rest::due));
        parameters.add(longs(rests, Rest::seen));
        parameters.add(digests(heads, item -> item.change().expectedHash()));
        parameters.add(texts(heads, item -> entries(item.change())));
    }

    private void addPayloads(List<Object> parameters) {
        List<Part<Map.Entry<Digest, Json>>> payloads =
                parts(change -> change.payloads().entrySet());
        parameters.add(runs(payloads));
        parameters.add(digests(payloads, Map.Entry::getKey));
        parameters.add(texts(payloads, payload -> payload.getValue().canonical()));
    }

    private void addInboxes(List<Object> parameters) {
        List<Part<Approval>> opened = parts(Append::opened);
        List<Part<Map.Entry<ApprovalId, Status>>> closed =
                parts(change -> change.closed().entrySet());
        List<Part<CommandId>> applied = parts(RunChange::applied);
        parameters.add(runs(opened));
        parameters.add(uuids(opened, approval -> approval.id().value()));
        parameters.add(texts(opened, Approval::tenant));
        parameters.add(texts(opened, approval -> Sql.name(approval.status())));
        parameters.add(times(opened, Approval::expiresAt));
        parameters.add(texts(opened, ApprovalContent::of));
        parameters.add(runs(closed));
        parameters.add(uuids(closed, closing -> closing.getKey().value()));
        parameters.add(texts(closed, closing -> Sql.name(closing.getValue())));
        parameters.add(runs(applied));
        parameters.add(uuids(applied, CommandId::value));
    }

    private void addPosts(List<Object> parameters) {
        List<Part<RunCommand>> posts = parts(RunChange::posts);
        parameters.add(runs(posts));
        parameters.add(uuids(posts, post -> post.id().value()));
        parameters.add(uuids(posts, post -> post.runId().value()));
        parameters.add(texts(posts, post -> CommandCodec.encode(post).canonical()));
    }

    private void addChildren(List<Object> parameters) {
        List<Part<NewRun>> children = parts(RunChange::children);
        parameters.add(runs(children));
        Create.addRuns(parameters, children.stream().map(Part::what).toList());
    }

    private static @Nullable String entries(RunChange change) {
        return change.entries().isEmpty() ? null : JournalRow.text(change.entries());
    }

    /// One that the same change opens and closes is closed from the start.
    private static List<Approval> opened(RunChange change) {
        return change.opened().stream()
                .map(
                        approval ->
                                approval.with(
                                        change.closed()
                                                .getOrDefault(approval.id(), approval.status()),
                                        approval.decisions()))
                .toList();
    }

    private <T> List<Part<T>> parts(Function<RunChange, Collection<T>> from) {
        List<Part<T>> parts = new ArrayList<>();
        for (Item item : items) {
            UUID run = item.lease().runId().value();
            from.apply(item.change()).forEach(what -> parts.add(new Part<>(run, what)));
        }
        return parts;
    }

    private static <T> UUID[] runs(List<Part<T>> parts) {
        return Sql.uuids(parts, Part::run);
    }

    private static <T> UUID[] uuids(List<Part<T>> parts, Function<T, UUID> uuid) {
        return Sql.uuids(parts, part -> uuid.apply(part.what()));
    }

    private static <T> Long[] longs(List<Part<T>> parts, Function<T, Long> number) {
        return Sql.longs(parts, part -> number.apply(part.what()));
    }

    private static <T> @Nullable String[] texts(
            List<Part<T>> parts, Function<T, @Nullable String> text) {
        return Sql.texts(parts, part -> text.apply(part.what()));
    }

    private static <T> @Nullable OffsetDateTime[] times(
            List<Part<T>> parts, Function<T, Optional<Instant>> time) {
        return Sql.times(parts, part -> time.apply(part.what()));
    }

    private static <T> Buffer[] digests(List<Part<T>> parts, Function<T, Digest> digest) {
        return Sql.digests(parts, part -> digest.apply(part.what()));
    }

    /// What becomes of lease and wake-up, as parameters.
    private record Rest(String kind, Optional<Instant> due, long seen) {

        static Rest of(RunChange change) {
            if (change.after().status().terminal()) {
                return new Rest("end", Optional.empty(), 0);
            }
            return switch (change.next()) {
                case Next.Continue() -> new Rest("continue", Optional.empty(), 0);
                case Next.Rest(Optional<Instant> due, long seen) -> new Rest("rest", due, seen);
                case Next.End() -> new Rest("end", Optional.empty(), 0);
            };
        }
    }
}
