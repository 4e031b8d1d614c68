package dev.signalbox.store.postgres;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.store.Claim;
import dev.signalbox.store.Claim.History;
import dev.signalbox.store.Lease;
import dev.signalbox.store.RunLeases;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Leases, each verb one statement, by the database's clock.
final class PostgresRunLeases implements RunLeases {

    /// Rows that somebody else has locked are left out: whoever claims or wakes them sees to them.
    /// A run on which nobody has worked yet brings its first event and its payloads along.
    private static final String CLAIM =
            """
            WITH free AS (
                SELECT runs.id AS run_id, worker, secs
                  FROM unnest($1::uuid[], $2::text[], $3::float8[]) AS wanted(run_id, worker, secs)
                  JOIN runs ON runs.id = wanted.run_id
                 WHERE due_at <= now() AND (lease_until IS NULL OR lease_until < now())
                   AND status NOT IN ('completed', 'failed', 'cancelled')
                   FOR UPDATE OF runs SKIP LOCKED
            ), claimed AS (
                UPDATE runs
                   SET lease_owner = worker, lease_epoch = lease_epoch + 1, dispatched_at = NULL,
                       lease_until = now() + make_interval(secs => secs)
                  FROM free
                 WHERE id = run_id
                RETURNING lease_epoch, wake_version, %s
            )
            SELECT claimed.*, %s, digest, content
              FROM claimed
              LEFT JOIN journal ON head_seq = 1 AND journal.run_id = claimed.id AND last_seq = 1
              LEFT JOIN payloads ON head_seq = 1 AND payloads.run_id = claimed.id
                    AND content IS NOT NULL
            """
                    .formatted(RunRow.COLUMNS, JournalRow.COLUMNS);

    /// Which leases are held is read, not taken from what was updated: a row that somebody has just
    /// changed may be missed once, and is found by the next sign of life.
    private static final String RENEW =
            """
            WITH held AS (
                SELECT id, owner, epoch
                  FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS lease(run_id, owner, epoch)
                  JOIN runs ON id = run_id AND lease_owner = owner AND lease_epoch = epoch
            ), renewed AS (
                UPDATE runs
                   SET lease_until = now() + make_interval(secs => $4)
                  FROM held
                 WHERE runs.id = held.id AND lease_owner = owner AND lease_epoch = epoch
            )
            SELECT id FROM held
            """;

    private static final String RELEASE =
            """
            UPDATE runs
               SET lease_owner = NULL, lease_until = NULL, dispatched_at = NULL, due_at = now()
             WHERE id = $1 AND lease_owner = $2 AND lease_epoch = $3
            """;

    /// `lane` jumps from one tenant and definition to the next in the index of due runs; `turn` takes
    /// a few of each lane, the oldest first, so that a long backlog of one does not hide the others.
    /// `resent` has an index of its own. Neither a long backlog nor parked runs make it slower; each
    /// lane costs two looks at the index.
    static final String DISPATCH =
            """
            WITH RECURSIVE lane AS (
                (SELECT priority, tenant, definition
                   FROM runs
                  WHERE due_at IS NOT NULL AND dispatched_at IS NULL
                  ORDER BY priority, tenant, definition
                  LIMIT 1)
                UNION ALL
                SELECT next.*
                  FROM lane,
                       LATERAL (
                           SELECT priority, tenant, definition
                             FROM runs
                            WHERE due_at IS NOT NULL AND dispatched_at IS NULL
                              AND (priority, tenant, definition)
                                  > (lane.priority, lane.tenant, lane.definition)
                            ORDER BY priority, tenant, definition
                            LIMIT 1
                       ) AS next
            ), resent AS (
                SELECT id
                  FROM runs
                 WHERE dispatched_at < now() - make_interval(secs => $2) AND due_at <= now()
                   AND (lease_until IS NULL OR lease_until < now())
                 ORDER BY dispatched_at
                 LIMIT $1
            ), waiting AS (
                SELECT lane.*, count(*) OVER (PARTITION BY priority) AS lanes
                  FROM lane
                 WHERE EXISTS (
                           SELECT FROM runs
                            WHERE runs.priority = lane.priority AND runs.tenant = lane.tenant
                              AND runs.definition = lane.definition
                              AND dispatched_at IS NULL AND due_at <= now()
                              AND (lease_until IS NULL OR lease_until < now()))
            ), turn AS (
                SELECT first.id, waiting.priority, first.due_at,
                       row_number() OVER (
                           PARTITION BY waiting.priority, waiting.tenant, waiting.definition
                           ORDER BY first.due_at, first.id) AS place
                  FROM waiting,
                       LATERAL (
                           SELECT id, due_at
                             FROM runs
                            WHERE runs.priority = waiting.priority AND runs.tenant = waiting.tenant
                              AND runs.definition = waiting.definition
                              AND dispatched_at IS NULL AND due_at <= now()
                              AND (lease_until IS NULL OR lease_until < now())
                            ORDER BY due_at
                            LIMIT $1 / lanes + 1
                       ) AS first
            ), pick AS (
                (SELECT id, 0 AS place FROM resent)
                UNION ALL
                (SELECT id, place
                   FROM turn
                  ORDER BY priority DESC, place, due_at, id
                  LIMIT $1 - (SELECT count(*) FROM resent))
            ), chosen AS (
                SELECT runs.id, pick.place
                  FROM pick JOIN runs ON runs.id = pick.id
                 WHERE due_at <= now() AND (lease_until IS NULL OR lease_until < now())
                   AND (dispatched_at IS NULL OR dispatched_at < now() - make_interval(secs => $2))
                   FOR UPDATE OF runs SKIP LOCKED
            )
            UPDATE runs
               SET dispatched_at = now()
              FROM chosen
             WHERE runs.id = chosen.id
            RETURNING runs.id, runs.priority, runs.due_at, chosen.place
            """;

    /// Runs that another run's commit has told something, and that nobody has woken for it: the
    /// process that was to do it is no more. One that is held hears of it when it is released.
    private static final String WAKE_THE_UNTOLD =
            """
            UPDATE runs
               SET due_at = now(), dispatched_at = NULL, wake_version = wake_version + 1
             WHERE id IN (
                SELECT runs.id
                  FROM run_commands JOIN runs ON runs.id = run_commands.run_id
                 WHERE applied_at IS NULL AND posted_at < now() - interval '2 s'
                   AND status IN ('running', 'waiting', 'queued')
                   AND lease_owner IS NULL AND (due_at IS NULL OR due_at > now())
                   FOR UPDATE OF runs SKIP LOCKED)
            """;

    private static final Comparator<Row> MOST_URGENT_FIRST =
            Comparator.<Row, Short>comparing(row -> row.getShort("priority"))
                    .reversed()
                    .thenComparing(row -> row.getLong("place"))
                    .thenComparing(row -> row.getOffsetDateTime("due_at"))
                    .thenComparing(row -> new RunId(row.getUUID("id")));

    /// Most claims of one commit.
    private static final int CLAIMS = 256;

    private record Wanted(RunId id, String worker, Duration lease) {}

    private final Sql sql;
    private final Batches<Append.Item, Long> appends;
    private final Batches<Wanted, Claim> claims;

    /// @param appends touch the rows that renewing touches
    PostgresRunLeases(Sql sql, Batches<Append.Item, Long> appends) {
        this.sql = sql;
        this.appends = appends;
        this.claims = new Batches<>(CLAIMS, Wanted::id, this::claim);
    }

    @Override
    public Uni<Optional<Claim>> claim(RunId id, String worker, Duration lease) {
        return claims.submit(new Wanted(id, worker, lease));
    }

    private Uni<List<Optional<Claim>>> claim(List<Wanted> wanted) {
        return sql.query(
                        CLAIM,
                        wanted.stream().map(one -> one.id().value()).toArray(UUID[]::new),
                        Sql.texts(wanted, Wanted::worker),
                        wanted.stream().map(one -> Sql.seconds(one.lease())).toArray(Double[]::new))
                .map(rows -> rows.stream().collect(Collectors.groupingBy(row -> row.getUUID("id"))))
                .map(
                        claimed ->
                                wanted.stream()
                                        .map(
                                                one ->
                                                        Optional.ofNullable(
                                                                        claimed.get(
                                                                                one.id().value()))
                                                                .map(rows -> claim(one, rows)))
                                        .toList());
    }

    private static Claim claim(Wanted wanted, List<Row> rows) {
        Row row = rows.getFirst();
        return new Claim(
                new Lease(wanted.id(), wanted.worker(), row.getLong("lease_epoch")),
                RunRow.summary(row),
                row.getLong("wake_version"),
                row.getString("entries") == null
                        ? Optional.empty()
                        : Optional.of(
                                new History(
                                        JournalRow.entries(wanted.id(), row),
                                        rows.stream()
                                                .filter(each -> each.getString("content") != null)
                                                .collect(
                                                        Collectors.toUnmodifiableMap(
                                                                PayloadRow::digest,
                                                                PayloadRow::content)))));
    }

    @Override
    public Uni<Set<RunId>> renew(Collection<Lease> leases, Duration lease) {
        List<Lease> held = List.copyOf(leases);
        return appends.between(
                () ->
                        sql.query(
                                RENEW,
                                held.stream().map(each -> each.runId().value()).toArray(UUID[]::new),
                                Sql.texts(held, Lease::worker),
                                held.stream().map(Lease::epoch).toArray(Long[]::new),
                                Sql.seconds(lease)))
                .map(
                        rows ->
                                rows.stream()
                                        .map(row -> new RunId(row.getUUID("id")))
                                        .collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public Uni<Void> release(Lease lease) {
        return sql.query(RELEASE, lease.runId().value(), lease.worker(), lease.epoch())
                .replaceWithVoid();
    }

    @Override
    public Uni<List<RunId>> dispatch(int limit, Duration resend) {
        return sql.query(WAKE_THE_UNTOLD)
                .chain(() -> sql.query(DISPATCH, (long) limit, Sql.seconds(resend)))
                .map(
                        rows ->
                                rows.stream()
                                        .sorted(MOST_URGENT_FIRST)
                                        .map(row -> new RunId(row.getUUID("id")))
                                        .toList());
    }

    @Override
    public Uni<Instant> now() {
        return sql.query("SELECT clock_timestamp() AS now")
                .map(rows -> Sql.time(rows.getFirst(), "now"));
    }
}
