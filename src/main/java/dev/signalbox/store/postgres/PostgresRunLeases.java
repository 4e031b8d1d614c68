package dev.signalbox.store.postgres;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.store.Claim;
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

    private static final String CLAIM =
            """
            UPDATE runs
               SET lease_owner = $2, lease_epoch = lease_epoch + 1, dispatched_at = NULL,
                   lease_until = now() + make_interval(secs => $3)
             WHERE id = $1 AND due_at <= now() AND (lease_until IS NULL OR lease_until < now())
               AND status NOT IN ('completed', 'failed', 'cancelled')
            RETURNING lease_epoch, %s
            """
                    .formatted(RunRow.COLUMNS);

    private static final String RENEW =
            """
            UPDATE runs
               SET lease_until = now() + make_interval(secs => $4)
              FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS held(id, owner, epoch)
             WHERE runs.id = held.id AND lease_owner = held.owner AND lease_epoch = held.epoch
            RETURNING runs.id
            """;

    private static final String RELEASE =
            """
            UPDATE runs
               SET lease_owner = NULL, lease_until = NULL, dispatched_at = NULL, due_at = now()
             WHERE id = $1 AND lease_owner = $2 AND lease_epoch = $3
            """;

    /// `fresh` walks the priorities from the most urgent down and stops as soon as it has enough;
    /// within each it reads the index in order of due time. `resent` has an index of its own. So
    /// neither a long backlog nor parked runs make it slower.
    static final String DISPATCH =
            """
            WITH resent AS (
                SELECT id
                  FROM runs
                 WHERE dispatched_at < now() - make_interval(secs => $2) AND due_at <= now()
                   AND (lease_until IS NULL OR lease_until < now())
                 ORDER BY dispatched_at
                 LIMIT $1
                   FOR UPDATE SKIP LOCKED
            ), fresh AS (
                SELECT due.id
                  FROM generate_series(9, 0, -1) AS urgency(priority),
                       LATERAL (
                           SELECT id
                             FROM runs
                            WHERE runs.priority = urgency.priority::smallint
                              AND dispatched_at IS NULL AND due_at <= now()
                              AND (lease_until IS NULL OR lease_until < now())
                            ORDER BY due_at
                            LIMIT $1
                              FOR UPDATE SKIP LOCKED
                       ) AS due
                 LIMIT $1
            ), chosen AS (
                SELECT id
                  FROM runs
                 WHERE id IN (SELECT id FROM resent UNION ALL SELECT id FROM fresh)
                 ORDER BY priority DESC, due_at, id
                 LIMIT $1
            )
            UPDATE runs
               SET dispatched_at = now()
              FROM chosen
             WHERE runs.id = chosen.id
            RETURNING runs.id, runs.priority, runs.due_at
            """;

    private static final Comparator<Row> MOST_URGENT_FIRST =
            Comparator.<Row, Short>comparing(row -> row.getShort("priority"))
                    .reversed()
                    .thenComparing(row -> row.getOffsetDateTime("due_at"))
                    .thenComparing(row -> new RunId(row.getUUID("id")));

    private final Sql sql;

    PostgresRunLeases(Sql sql) {
        this.sql = sql;
    }

    @Override
    public Uni<Optional<Claim>> claim(RunId id, String worker, Duration lease) {
        return sql.query(CLAIM, id.value(), worker, Sql.seconds(lease))
                .map(
                        rows ->
                                rows.stream()
                                        .findFirst()
                                        .map(
                                                row ->
                                                        new Claim(
                                                                new Lease(
                                                                        id,
                                                                        worker,
                                                                        row.getLong("lease_epoch")),
                                                                RunRow.summary(row))));
    }

    @Override
    public Uni<Set<RunId>> renew(Collection<Lease> leases, Duration lease) {
        List<Lease> held = List.copyOf(leases);
        return sql.query(
                        RENEW,
                        held.stream().map(each -> each.runId().value()).toArray(UUID[]::new),
                        Sql.texts(held, Lease::worker),
                        held.stream().map(Lease::epoch).toArray(Long[]::new),
                        Sql.seconds(lease))
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
        return sql.query(DISPATCH, (long) limit, Sql.seconds(resend))
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
