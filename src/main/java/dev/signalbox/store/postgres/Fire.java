package dev.signalbox.store.postgres;

import dev.signalbox.domain.id.JobId;
import dev.signalbox.domain.job.Firing;
import dev.signalbox.store.JobStore.JobTurn;
import dev.signalbox.store.NewRun;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// What a job does, in one transaction: the job moves on, its firings are written down, and their
/// runs are there.
final class Fire {

    /// Only the first of several schedulers finds the version that it read.
    private static final String MOVE_ON =
            """
            UPDATE jobs
               SET next_at = $3, due_at = $4, fired = fired + $5, version = version + 1
             WHERE id = $1 AND version = $2 AND NOT retired
               AND ($6::timestamptz IS NULL OR $6 <= clock_timestamp())
            RETURNING id
            """;

    private static final String INSERT =
            """
            INSERT INTO job_firings
                   (job_id, id, scheduled_at, cause, status, decided_at, reason, missed)
            SELECT $1, *
              FROM unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::text[],
                          $6::timestamptz[], $7::text[], $8::integer[])
            ON CONFLICT (job_id, scheduled_at) DO UPDATE
               SET id = excluded.id, cause = excluded.cause, status = excluded.status,
                   decided_at = excluded.decided_at, reason = excluded.reason
             WHERE job_firings.status = ANY ($9)
            RETURNING id
            """;

    private Fire() {}

    static Uni<Boolean> turn(SqlConnection transaction, JobTurn turn) {
        return Sql.query(
                        transaction,
                        MOVE_ON,
                        turn.job().value(),
                        turn.version(),
                        Sql.time(turn.next()),
                        Sql.time(turn.look()),
                        (long) turn.fired(),
                        Sql.time(turn.latest()))
                .flatMap(
                        moved ->
                                moved.isEmpty()
                                        ? Uni.createFrom().item(false)
                                        : fire(transaction, turn).replaceWith(true));
    }

    private static Uni<Void> fire(SqlConnection transaction, JobTurn turn) {
        return Sql.query(transaction, JobRows.SETTLE, turn.job().value())
                .chain(() -> write(transaction, turn.job(), turn.firings(), "waiting"))
                .map(ids -> of(turn.runs(), ids))
                .flatMap(
                        runs ->
                                runs.isEmpty()
                                        ? Uni.createFrom().voidItem()
                                        : Create.in(transaction, runs));
    }

    /// Writes firings down; answers the ids of those that were.
    ///
    /// @param open what a firing for the same time may have been for the new one to take its place
    static Uni<Set<UUID>> write(
            SqlConnection transaction, JobId job, List<Firing> firings, String... open) {
        return Sql.query(
                        transaction,
                        INSERT,
                        job.value(),
                        Sql.uuids(firings, firing -> firing.id().value()),
                        Sql.times(firings, firing -> Optional.of(firing.scheduledAt())),
                        Sql.texts(firings, firing -> Sql.name(firing.cause())),
                        Sql.texts(firings, firing -> Sql.name(firing.status())),
                        Sql.times(firings, firing -> Optional.of(firing.decidedAt())),
                        Sql.texts(firings, firing -> firing.reason().orElse(null)),
                        firings.stream().map(Firing::missed).toArray(Integer[]::new),
                        open)
                .map(Fire::ids);
    }

    private static Set<UUID> ids(List<Row> rows) {
        return rows.stream().map(row -> row.getUUID("id")).collect(Collectors.toSet());
    }

    private static List<NewRun> of(List<NewRun> runs, Set<UUID> ids) {
        return runs.stream()
                .filter(run -> ids.contains(run.summary().identity().id().value()))
                .toList();
    }
}
