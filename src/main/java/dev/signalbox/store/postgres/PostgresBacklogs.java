package dev.signalbox.store.postgres;

import dev.signalbox.domain.approval.Approval.Status;
import dev.signalbox.store.Backlogs;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The backlog in one statement. Everything is read from indexes that hold only what is open, in
/// their order, and no further than asked.
final class PostgresBacklogs implements Backlogs {

    static final String READ =
            """
            WITH due AS (
                SELECT one.due_at
                  FROM generate_series(9, 0, -1) AS urgency(priority),
                       LATERAL (
                           SELECT due_at
                             FROM runs
                            WHERE runs.priority = urgency.priority::smallint
                              AND dispatched_at IS NULL AND due_at <= now()
                              AND (lease_until IS NULL OR lease_until < now())
                            ORDER BY due_at
                            LIMIT $1
                       ) AS one
                UNION ALL
                (SELECT due_at
                   FROM runs
                  WHERE dispatched_at IS NOT NULL AND due_at <= now()
                    AND (lease_until IS NULL OR lease_until < now())
                  ORDER BY dispatched_at
                  LIMIT $1)
            ), pending AS (
                SELECT id FROM approvals WHERE status = 'pending' ORDER BY id LIMIT $1
            ), open AS (
                SELECT 1
                  FROM run_commands
                 WHERE applied_at IS NULL
                   AND (SELECT status FROM runs WHERE id = run_id)
                       NOT IN ('completed', 'failed', 'cancelled')
                 LIMIT $1
            )
            SELECT now() AS now,
                   (SELECT count(*) FROM due) AS runs,
                   (SELECT min(due_at) FROM due) AS due_since,
                   (SELECT count(*) FROM pending) AS approvals,
                   (SELECT content FROM approvals
                     WHERE id = (SELECT id FROM pending ORDER BY id LIMIT 1)) AS oldest,
                   (SELECT count(*) FROM open) AS commands
            """;

    private final Sql sql;

    PostgresBacklogs(Sql sql) {
        this.sql = sql;
    }

    @Override
    public Uni<Backlog> read(int most) {
        return sql.query(READ, (long) most).map(rows -> backlog(rows.getFirst()));
    }

    private static Backlog backlog(Row row) {
        Instant now = Sql.time(row, "now");
        Optional<Instant> due =
                Optional.ofNullable(row.getOffsetDateTime("due_since")).map(time -> time.toInstant());
        Optional<Instant> requested =
                Optional.ofNullable(row.getString("oldest"))
                        .map(text -> ApprovalContent.read(text, Sql.name(Status.PENDING), List.of()))
                        .map(approval -> approval.requestedAt());
        return new Backlog(
                row.getLong("runs"),
                age(due, now),
                row.getLong("approvals"),
                age(requested, now),
                row.getLong("commands"));
    }

    private static Duration age(Optional<Instant> since, Instant now) {
        return since.filter(time -> time.isBefore(now))
                .map(time -> Duration.between(time, now))
                .orElse(Duration.ZERO);
    }
}
