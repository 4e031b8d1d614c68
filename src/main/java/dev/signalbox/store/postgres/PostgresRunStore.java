package dev.signalbox.store.postgres;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.Attention;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.Lease;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.NewRun.IdempotencyKey;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.RunFilter;
import dev.signalbox.store.RunStore;
import dev.signalbox.store.StaleLeaseException;
import dev.signalbox.store.Submission;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Runs and journals: one statement a call.
final class PostgresRunStore implements RunStore {

    private static final String FIND_BY_KEY =
            """
            SELECT request, %s
              FROM idempotency_keys JOIN runs ON runs.id = idempotency_keys.run_id
             WHERE idempotency_keys.tenant = $1 AND key = $2
            """
                    .formatted(RunRow.COLUMNS);

    private static final String FIND_PRUNED_BY_KEY =
            """
            SELECT request, content
              FROM idempotency_keys JOIN tombstones ON tombstones.run_id = idempotency_keys.run_id
             WHERE idempotency_keys.tenant = $1 AND key = $2
            """;

    private static final String FIND =
            "SELECT %s FROM runs WHERE id = $1".formatted(RunRow.COLUMNS);

    /// Each row holds an entry at least.
    /// A row may hold more entries than are asked for: what is read ends with the row that has the
    /// last of them.
    static final String JOURNAL =
            """
            SELECT %s
              FROM journal
             WHERE run_id = $1 AND last_seq > $2
               AND last_seq <= coalesce(
                   (SELECT last_seq
                      FROM journal
                     WHERE run_id = $1 AND last_seq >= $2 + $3
                     ORDER BY last_seq
                     LIMIT 1),
                   9223372036854775807)
             ORDER BY last_seq
            """
                    .formatted(JournalRow.COLUMNS);

    private static final String PAYLOADS =
            """
            SELECT payloads.run_id, payloads.digest, payloads.content
              FROM unnest($1::uuid[], $2::bytea[]) AS wanted(run_id, digest)
              JOIN payloads ON payloads.run_id = wanted.run_id AND payloads.digest = wanted.digest
             WHERE content IS NOT NULL
            """;

    private static final String COUNTS =
            "SELECT status, count(*) AS runs FROM runs WHERE tenant = $1 GROUP BY status";

    private static final String LOCK = "SELECT id FROM runs WHERE id = $1 FOR UPDATE";

    private final Sql sql;
    private final Batches<Append.Item, Long> appends;
    private final Batches<NewRun, RunId> creates;
    private final AtomicBoolean noting;

    PostgresRunStore(Sql sql, Batches<Append.Item, Long> appends, AtomicBoolean noting) {
        this.sql = sql;
        this.appends = appends;
        this.noting = noting;
        this.creates = Create.batches(sql, noting);
    }

    @Override
    public Uni<Submission> create(NewRun run) {
        return creates.submit(run)
                .flatMap(
                        created ->
                                created.isEmpty()
                                        ? usedBefore(run.key().orElseThrow())
                                        : Uni.createFrom()
                                                .item(new Submission.Created(run.summary())));
    }

    private Uni<Submission> usedBefore(IdempotencyKey key) {
        return sql.query(FIND_BY_KEY, key.tenant(), key.key())
                .flatMap(
                        found ->
                                found.isEmpty()
                                        ? prunedSince(key)
                                        : Uni.createFrom()
                                                .item(
                                                        same(
                                                                found.getFirst(),
                                                                key,
                                                                row ->
                                                                        new Submission.Existing(
                                                                                RunRow.summary(
                                                                                        row)))));
    }

    private Uni<Submission> prunedSince(IdempotencyKey key) {
        return sql.query(FIND_PRUNED_BY_KEY, key.tenant(), key.key())
                .map(List::getFirst)
                .map(row -> same(row, key, PostgresRunStore::pruned));
    }

    private static Submission pruned(Row row) {
        return new Submission.Pruned(PostgresRetention.stone(row));
    }

    private static Submission same(
            Row row, IdempotencyKey key, Function<Row, Submission> submission) {
        return row.getString("request").equals(key.request().value())
                ? submission.apply(row)
                : new Submission.Conflict();
    }

    @Override
    public Uni<Optional<RunSummary>> find(RunId id) {
        return sql.query(FIND, id.value())
                .map(rows -> rows.stream().findFirst().map(RunRow::summary));
    }

    @Override
    public Uni<Page<RunSummary>> list(RunFilter filter, PageRequest page) {
        RunQuery query = new RunQuery(filter, page);
        return sql.query(query.statement(), query.parameters())
                .map(rows -> Pages.of(rows, page, row -> cursor(row, filter)))
                .map(rows -> rows.map(RunRow::summary));
    }

    private static Cursor cursor(Row row, RunFilter filter) {
        return new Cursor(filter.attention() ? row.getShort("attention") : 0, row.getUUID("id"));
    }

    @Override
    public Uni<List<JournalEntry>> journal(RunId id, long afterSeq, int limit) {
        return sql.query(JOURNAL, id.value(), afterSeq, (long) limit)
                .map(
                        rows ->
                                rows.stream()
                                        .flatMap(row -> JournalRow.entries(id, row).stream())
                                        .filter(entry -> entry.seq() > afterSeq)
                                        .limit(limit)
                                        .toList());
    }

    @Override
    public Uni<Map<RunStatus, Long>> counts(String tenant) {
        return sql.query(COUNTS, tenant)
                .map(
                        rows ->
                                rows.stream()
                                        .collect(
                                                Collectors.toUnmodifiableMap(
                                                        row -> RunRow.status(row),
                                                        row -> row.getLong("runs"))));
    }

    @Override
    public Uni<Map<Digest, Json>> payloads(RunId id, Set<Digest> digests) {
        return payloads(Map.of(id, digests)).map(found -> found.getOrDefault(id, Map.of()));
    }

    @Override
    public Uni<Map<RunId, Map<Digest, Json>>> payloads(Map<RunId, Set<Digest>> digests) {
        List<UUID> runs = new ArrayList<>();
        List<Digest> wanted = new ArrayList<>();
        digests.forEach(
                (run, names) ->
                        names.forEach(
                                name -> {
                                    runs.add(run.value());
                                    wanted.add(name);
                                }));
        return wanted.isEmpty()
                ? Uni.createFrom().item(Map.of())
                : sql.query(PAYLOADS, runs.toArray(UUID[]::new), Sql.digests(wanted, digest -> digest))
                        .map(PostgresRunStore::byRun);
    }

    private static Map<RunId, Map<Digest, Json>> byRun(List<Row> rows) {
        return rows.stream()
                .collect(
                        Collectors.groupingBy(
                                row -> new RunId(row.getUUID("run_id")),
                                Collectors.toUnmodifiableMap(
                                        PayloadRow::digest, PayloadRow::content)));
    }

    @Override
    public Uni<Long> append(Lease lease, RunChange change) {
        Append.Item item = new Append.Item(lease, change);
        Uni<Optional<Long>> appended =
                change.expiring().isEmpty() ? appends.submit(item) : expire(item);
        return appended.map(version -> version.orElseThrow(() -> new StaleLeaseException(lease)))
                .call(() -> wake(change.posts()));
    }

    /// Wakes the runs that have got something, one by one: a statement that held the row of one and
    /// wanted that of another could meet one that goes the other way. What is not woken because the
    /// process or the connection is lost, [PostgresRunLeases#dispatch] finds.
    private Uni<Void> wake(List<RunCommand> posts) {
        return Multi.createFrom()
                .iterable(posts)
                .map(RunCommand::runId)
                .onItem()
                .transformToUniAndConcatenate(
                        run -> sql.query(Wakeups.WAKE, run.value()).onFailure().recoverWithNull())
                .collect()
                .last()
                .replaceWithVoid();
    }

    /// An expiry must see the decisions of those who held the run's lock before: only a statement
    /// that begins after the lock is taken does.
    private Uni<Optional<Long>> expire(Append.Item item) {
        Append append = new Append(List.of(item));
        return sql.transaction(
                        transaction ->
                                Sql.query(transaction, LOCK, item.lease().runId().value())
                                        .chain(
                                                () ->
                                                        Sql.query(
                                                                transaction,
                                                                append.statement(noting.get()),
                                                                append.parameters())))
                .map(append::versions)
                .map(List::getFirst);
    }
}
