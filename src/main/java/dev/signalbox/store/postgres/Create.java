package dev.signalbox.store.postgres;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.Attention;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.NewRun.IdempotencyKey;
import dev.signalbox.store.RunFilter;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The one statement that creates any number of runs.
///
/// A key that is taken, or is being taken by a transaction that then commits, inserts nothing:
/// neither the key nor the run, and no row comes back for it.
final class Create {

    private static final String CREATE =
            """
            WITH run AS (
                SELECT *
                  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[],
                              $6::smallint[], $7::uuid[], $8::timestamptz[], $9::smallint[],
                              $10::bigint[], $11::text[], $12::text[], $13::text[], $14::text[],
                              $15::text[], $16::text[], $17::text[])
                    AS run(id, tenant, status, definition, labels, priority, root_id, created_at,
                           attention, head_seq, head_hash, identity, progress, words, key_tenant,
                           key, request)
            ), taken AS (
                INSERT INTO idempotency_keys (tenant, key, request, run_id)
                SELECT key_tenant, key, request, id FROM run WHERE key IS NOT NULL
                ON CONFLICT DO NOTHING
                RETURNING run_id
            ), created AS (
                INSERT INTO runs (id, tenant, status, definition, labels, priority, root_id,
                                  created_at, attention, head_seq, head_hash, identity, progress,
                                  words, due_at)
                SELECT id, tenant, status, definition, labels::jsonb, priority, root_id,
                       created_at, attention, head_seq, head_hash, identity, progress, words, now()
                  FROM run
                 WHERE key IS NULL OR id IN (SELECT run_id FROM taken)
                RETURNING id
            ), submitted AS (
                INSERT INTO journal (run_id, last_seq, prev_hash, entries)
                SELECT entry.*
                  FROM unnest($1::uuid[], $10::bigint[], $18::bytea[], $19::text[])
                    AS entry(run_id, last_seq, prev_hash, entries)
                  JOIN created ON created.id = entry.run_id
            ), kept AS (
                INSERT INTO payloads (run_id, digest, content)
                SELECT payload.*
                  FROM unnest($20::uuid[], $21::bytea[], $22::text[])
                    AS payload(run_id, digest, content)
                  JOIN created ON created.id = payload.run_id
            )
            SELECT id FROM created
            """;

    /// The same, leaving notes for sinks.
    private static final String CREATE_NOTED =
            CREATE.replace(
                    "\nSELECT id FROM created",
                    """
                    , noted AS (
                        INSERT INTO sink_notes (sink, run_id, after_seq, last_seq)
                        SELECT sinks.name, created.id, 0, 1 FROM created CROSS JOIN sinks
                    )
                    SELECT id FROM created""");

    /// Where the columns of the idempotency key stand among the parameters.
    private static final int KEYS = 14;

    private static final int KEY_COLUMNS = 3;

    /// Most runs of one commit.
    private static final int COMMIT = 256;

    private record Payload(UUID run, Digest digest, Json content) {}

    private Create() {}

    /// Creates any number of runs at once, as few commits as it takes.
    ///
    /// @param noting whether there are sinks to leave notes for
    static Batches<NewRun, RunId> batches(Sql sql, AtomicBoolean noting) {
        return new Batches<>(
                COMMIT,
                Create::key,
                runs ->
                        sql.query(noting.get() ? CREATE_NOTED : CREATE, parameters(runs))
                                .map(rows -> created(runs, rows)));
    }

    /// Creates runs without keys inside somebody's transaction.
    static Uni<Void> in(SqlConnection transaction, List<NewRun> runs) {
        return Sql.query(transaction, CREATE_NOTED, parameters(runs)).replaceWithVoid();
    }

    /// Two runs with the same key do not share a commit.
    private static Object key(NewRun run) {
        return run.key()
                .<Object>map(key -> List.of(key.tenant(), key.key()))
                .orElse(run.summary().identity().id());
    }

    private static List<Optional<RunId>> created(List<NewRun> runs, List<Row> rows) {
        Set<RunId> created =
                rows.stream().map(row -> new RunId(row.getUUID("id"))).collect(Collectors.toSet());
        return runs.stream()
                .map(run -> Optional.of(run.summary().identity().id()).filter(created::contains))
                .toList();
    }

    /// What is to be known of the runs, in the order of the columns in [Append].
    static void addRuns(List<Object> parameters, List<NewRun> runs) {
        @Nullable Object[] all = parameters(runs);
        for (int i = 0; i < all.length; i++) {
            if (i < KEYS || i >= KEYS + KEY_COLUMNS) {
                parameters.add(Objects.requireNonNull(all[i]));
            }
        }
    }

    private static @Nullable Object[] parameters(List<NewRun> runs) {
        List<RunSummary> summaries = runs.stream().map(NewRun::summary).toList();
        List<RunIdentity> identities = summaries.stream().map(RunSummary::identity).toList();
        List<JournalEntry> entries = runs.stream().map(NewRun::submitted).toList();
        List<Payload> payloads = payloads(runs);
        return new @Nullable Object[] {
            Sql.uuids(identities, run -> run.id().value()),
            Sql.texts(identities, RunIdentity::tenant),
            Sql.texts(summaries, run -> Sql.name(run.status())),
            Sql.texts(identities, run -> run.definition().name()),
            Sql.texts(identities, run -> Json.of(run.labels()).canonical()),
            Sql.shorts(identities, RunIdentity::priority),
            Sql.uuids(identities, run -> run.lineage().root().value()),
            Sql.times(identities, run -> Optional.of(run.createdAt())),
            Sql.shorts(summaries, Attention::band),
            Sql.longs(summaries, RunSummary::headSeq),
            Sql.texts(summaries, run -> run.headHash().value()),
            Sql.texts(summaries, RunRow::identity),
            Sql.texts(summaries, RunRow::progress),
            Sql.texts(summaries, RunFilter::words),
            Sql.texts(runs, run -> ofKey(run, IdempotencyKey::tenant)),
            Sql.texts(runs, run -> ofKey(run, IdempotencyKey::key)),
            Sql.texts(runs, run -> ofKey(run, key -> key.request().value())),
            Sql.digests(entries, JournalEntry::prevHash),
            Sql.texts(entries, entry -> JournalRow.text(List.of(entry))),
            Sql.uuids(payloads, Payload::run),
            Sql.digests(payloads, Payload::digest),
            Sql.texts(payloads, payload -> payload.content().canonical())
        };
    }

    private static @Nullable String ofKey(NewRun run, Function<IdempotencyKey, String> what) {
        return run.key().map(what).orElse(null);
    }

    private static List<Payload> payloads(List<NewRun> runs) {
        List<Payload> payloads = new ArrayList<>();
        for (NewRun run : runs) {
            UUID id = run.summary().identity().id().value();
            for (Map.Entry<Digest, Json> payload : run.payloads().entrySet()) {
                payloads.add(new Payload(id, payload.getKey(), payload.getValue()));
            }
        }
        return payloads;
    }
}
