package dev.signalbox.store.postgres;

import dev.signalbox.domain.id.FiringId;
import dev.signalbox.domain.id.JobId;
import dev.signalbox.domain.job.Firing;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.store.Job;
import dev.signalbox.store.Job.PastFiring;
import dev.signalbox.wire.JsonCodec;
import io.vertx.mutiny.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.Optional;

/// Jobs and firings in their rows.
final class JobRows {

    private static final String ENDED = "('completed', 'failed', 'cancelled')";

    /// Jobs as [#job(Row)] reads them; what follows may narrow them down.
    static final String SELECT_JOBS =
            """
            SELECT jobs.*,
                   (SELECT count(*) FROM job_firings
                     WHERE job_id = jobs.id AND status = 'waiting') AS queued,
                   (SELECT count(*)
                      FROM job_firings JOIN runs ON runs.id = job_firings.id
                     WHERE job_id = jobs.id AND job_firings.status = 'started' AND NOT settled
                       AND runs.status NOT IN %s) AS open,
                   last.id AS last_id, last.scheduled_at AS last_scheduled_at,
                   last.cause AS last_cause, last.status AS last_status,
                   last.decided_at AS last_decided_at, last.reason AS last_reason,
                   last.missed AS last_missed, last.run_status AS last_run_status
              FROM jobs
              LEFT JOIN LATERAL (
                       SELECT job_firings.*, runs.status AS run_status
                         FROM job_firings
                         LEFT JOIN runs
                           ON runs.id = job_firings.id AND job_firings.status = 'started'
                        WHERE job_id = jobs.id AND job_firings.status <> 'waiting'
                        ORDER BY scheduled_at DESC
                        LIMIT 1
                   ) AS last ON true
            """
                    .formatted(ENDED);

    /// Firings whose runs have ended since somebody looked, or are gone by now.
    static final String SETTLE =
            """
            UPDATE job_firings SET settled = true
             WHERE job_id = $1 AND job_firings.status = 'started' AND NOT settled
               AND NOT EXISTS (
                   SELECT FROM runs WHERE runs.id = job_firings.id AND runs.status NOT IN %s)
            """
                    .formatted(ENDED);

    private JobRows() {}

    static Job job(Row row) {
        return new Job(
                new JobId(row.getUUID("id")),
                row.getString("tenant"),
                row.getString("name"),
                Sql.constant(Job.Origin.class, row.getString("origin")),
                JsonCodec.parseObject(row.getString("document")),
                row.getBoolean("paused"),
                row.getBoolean("retired"),
                Sql.time(row, "anchor"),
                Optional.ofNullable(row.getOffsetDateTime("next_at"))
                        .map(OffsetDateTime::toInstant),
                row.getLong("fired"),
                row.getLong("version"),
                row.getLong("queued").intValue(),
                row.getLong("open").intValue(),
                Optional.ofNullable(row.getUUID("last_id")).map(_ -> past(row, "last_")));
    }

    /// A firing and its run's status, in columns that begin with `prefix`.
    static PastFiring past(Row row, String prefix) {
        return new PastFiring(
                firing(row, prefix),
                Optional.ofNullable(row.getString(prefix + "run_status"))
                        .map(status -> Sql.constant(RunStatus.class, status)));
    }

    static Firing firing(Row row, String prefix) {
        return new Firing(
                new FiringId(row.getUUID(prefix + "id")),
                Sql.time(row, prefix + "scheduled_at"),
                Sql.constant(Firing.Cause.class, row.getString(prefix + "cause")),
                Sql.constant(Firing.Status.class, row.getString(prefix + "status")),
                Sql.time(row, prefix + "decided_at"),
                Optional.ofNullable(row.getString(prefix + "reason")),
                row.getInteger(prefix + "missed"));
    }
}
