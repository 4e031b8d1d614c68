package dev.signalbox.store.postgres;

import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.JobId;
import dev.signalbox.domain.job.Firing;
import dev.signalbox.domain.job.JobPlanner;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.Job;
import dev.signalbox.store.Job.PastFiring;
import dev.signalbox.store.JobMoves;
import dev.signalbox.store.JobStore;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Jobs. What changes them is a transaction each; schedulers elsewhere hear of it by NOTIFY.
final class PostgresJobStore implements JobStore {

    static final String CHANNEL = "signalbox_jobs";

    private static final String NOTIFY = "SELECT pg_notify('" + CHANNEL + "', '')";

    /// Several processes load when they start together: one after the other.
    private static final String LOCK = "LOCK TABLE jobs IN SHARE ROW EXCLUSIVE MODE";

    private static final String APPLY =
            """
            INSERT INTO jobs (id, tenant, name, origin, document, timetable, paused, anchor, next_at,
                              due_at)
            SELECT id, tenant, name, $1, document, timetable, paused, anchor,
                   CASE WHEN NOT paused THEN next_at END, CASE WHEN NOT paused THEN next_at END
              FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[],
                          $7::boolean[], $8::timestamptz[], $9::timestamptz[])
                   AS new(id, tenant, name, document, timetable, paused, anchor, next_at)
            ON CONFLICT (tenant, name) DO UPDATE
               SET origin = excluded.origin, document = excluded.document,
                   timetable = excluded.timetable, retired = false, version = jobs.version + 1,
                   anchor = CASE WHEN jobs.retired OR jobs.timetable <> excluded.timetable
                                 THEN excluded.anchor ELSE jobs.anchor END,
                   next_at = CASE WHEN jobs.paused THEN NULL
                                  WHEN jobs.retired OR jobs.timetable <> excluded.timetable
                                  THEN $10 ELSE jobs.next_at END,
                   due_at = clock_timestamp()
             WHERE jobs.retired OR jobs.document <> excluded.document
                OR jobs.origin <> excluded.origin
            """;

    private static final String RETIRE =
            """
            WITH gone AS (
                UPDATE jobs
                   SET retired = true, next_at = NULL, due_at = NULL, version = version + 1
                 WHERE origin = 'document' AND NOT retired
                   AND NOT (tenant, name) IN (SELECT * FROM unnest($1::text[], $2::text[]))
                RETURNING id
            )
            UPDATE job_firings
               SET status = 'skipped', reason = $3, decided_at = clock_timestamp()
              FROM gone
             WHERE job_id = gone.id AND status = 'waiting'
            """;

    private static final String HOLD =
            "SELECT paused, retired FROM jobs WHERE id = $1 AND tenant = $2 FOR UPDATE";

    private static final String CHANGE =
            """
            UPDATE jobs
               SET paused = $2, version = version + 1, due_at = clock_timestamp(),
                   next_at = CASE WHEN $2 THEN NULL WHEN paused THEN $3 ELSE next_at END
             WHERE id = $1
            """;

    private static final String FIND =
            JobRows.SELECT_JOBS + " WHERE jobs.tenant = $1 AND jobs.name = $2";

    private static final String LIST =
            JobRows.SELECT_JOBS
                    + """
                       WHERE jobs.tenant = $1
                         AND ($2::uuid IS NULL
                              OR jobs.name > (SELECT name FROM jobs AS before WHERE before.id = $2))
                       ORDER BY jobs.name LIMIT $3
                      """;

    private static final String FIRINGS =
            """
            SELECT job_firings.*, runs.status AS run_status
              FROM job_firings
              LEFT JOIN runs ON runs.id = job_firings.id AND job_firings.status = 'started'
             WHERE job_id = $1
               AND ($2::uuid IS NULL
                    OR scheduled_at < (SELECT scheduled_at FROM job_firings AS later
                                        WHERE later.id = $2))
             ORDER BY scheduled_at DESC LIMIT $3
            """;

    private static final String DUE =
            JobRows.SELECT_JOBS
                    + " WHERE jobs.due_at <= clock_timestamp() ORDER BY jobs.due_at LIMIT $1";

    private static final String WAITING =
            """
            SELECT job_firings.*
              FROM jobs,
                   LATERAL (SELECT *
                              FROM job_firings
                             WHERE job_id = jobs.id AND status = 'waiting'
                               AND (NOT jobs.paused OR cause IN ('trigger', 'backfill'))
                             ORDER BY scheduled_at LIMIT $2) AS job_firings
             WHERE jobs.id = ANY ($1)
             ORDER BY scheduled_at
            """;

    private static final String CLOCK =
            """
            SELECT now, (SELECT min(due_at) FROM jobs WHERE due_at > now) AS next
              FROM (SELECT clock_timestamp() AS now) AS clock
            """;

    private final Sql sql;
    private final Listening changes;

    PostgresJobStore(Sql sql, Listening changes) {
        this.sql = sql;
        this.changes = changes;
    }

    @Override
    public Uni<Void> load(List<NewJob> jobs) {
        return sql.transaction(
                transaction ->
                        Sql.query(transaction, LOCK)
                                .chain(() -> applyEach(transaction, jobs))
                                .chain(
                                        () ->
                                                Sql.query(
                                                        transaction,
                                                        RETIRE,
                                                        Sql.texts(jobs, NewJob::tenant),
                                                        Sql.texts(jobs, NewJob::name),
                                                        "the job's document was removed"))
                                .chain(() -> Sql.query(transaction, NOTIFY))
                                .replaceWithVoid());
    }

    private static Uni<Void> applyEach(SqlConnection transaction, List<NewJob> jobs) {
        return Multi.createFrom()
                .iterable(jobs)
                .onItem()
                .transformToUniAndConcatenate(
                        job -> apply(transaction, job, Job.Origin.DOCUMENT).replaceWith(true))
                .collect()
                .last()
                .replaceWithVoid();
    }

    @Override
    public Uni<Void> put(NewJob job, AuditRecord audit) {
        return sql.transaction(
                transaction ->
                        apply(transaction, job, Job.Origin.OPERATOR)
                                .chain(() -> AuditRow.insert(transaction, audit))
                                .chain(() -> Sql.query(transaction, NOTIFY))
                                .replaceWithVoid());
    }

    private static Uni<List<Row>> apply(SqlConnection transaction, NewJob job, Job.Origin origin) {
        return Sql.query(
                transaction,
                APPLY,
                Sql.name(origin),
                new UUID[] {job.id().value()},
                new String[] {job.tenant()},
                new String[] {job.name()},
                new String[] {job.document().canonical()},
                new String[] {job.timetable().value()},
                new Boolean[] {job.paused()},
                new OffsetDateTime[] {Sql.time(job.anchor())},
                new @Nullable OffsetDateTime[] {Sql.time(job.next())},
                Sql.time(job.next()));
    }

    @Override
    public Uni<Integer> command(JobId job, JobCommand command, AuditRecord audit) {
        return sql.transaction(
                transaction ->
                        Sql.query(transaction, HOLD, job.value(), audit.actor().tenant())
                                .map(rows -> paused(rows, command))
                                .chain(paused -> change(transaction, job, command, paused))
                                .call(() -> AuditRow.insert(transaction, audit))
                                .call(() -> Sql.query(transaction, NOTIFY)));
    }

    private static boolean paused(List<Row> found, JobCommand command) {
        if (found.isEmpty()) {
            throw ProblemException.of(ProblemCode.NOT_FOUND, "There is no such job.");
        }
        boolean paused = found.getFirst().getBoolean("paused");
        JobMoves.check(command, paused, found.getFirst().getBoolean("retired"));
        return paused;
    }

    private static Uni<Integer> change(
            SqlConnection transaction, JobId job, JobCommand command, boolean paused) {
        return switch (command) {
            case JobCommand.Pause() -> change(transaction, job, true, Optional.empty());
            case JobCommand.Resume(Optional<Instant> next) ->
                    change(transaction, job, false, next);
            case JobCommand.Fire(List<Firing> firings) ->
                    Fire.write(transaction, job, firings, "skipped", "failed")
                            .call(() -> change(transaction, job, paused, Optional.empty()))
                            .map(written -> written.size());
        };
    }

    private static Uni<Integer> change(
            SqlConnection transaction, JobId job, boolean paused, Optional<Instant> next) {
        return Sql.query(transaction, CHANGE, job.value(), paused, Sql.time(next)).replaceWith(0);
    }

    @Override
    public Uni<Optional<Job>> find(String tenant, String name) {
        return sql.query(FIND, tenant, name)
                .map(rows -> rows.stream().findFirst().map(JobRows::job));
    }

    @Override
    public Uni<Page<Job>> list(String tenant, PageRequest page) {
        return sql.query(LIST, tenant, last(page), page.limit() + 1L)
                .map(rows -> rows.stream().map(JobRows::job).toList())
                .map(jobs -> Pages.of(jobs, page, job -> new Cursor(0, job.id().value())));
    }

    @Override
    public Uni<Page<PastFiring>> firings(JobId job, PageRequest page) {
        return sql.query(FIRINGS, job.value(), last(page), page.limit() + 1L)
                .map(rows -> rows.stream().map(row -> JobRows.past(row, "")).toList())
                .map(
                        found ->
                                Pages.of(
                                        found,
                                        page,
                                        past -> new Cursor(0, past.firing().id().value())));
    }

    private static @Nullable UUID last(PageRequest page) {
        return page.after().map(Cursor::last).orElse(null);
    }

    /// The clock is read first, and jobs before what waits of them: whatever changes in between
    /// makes their version another, or makes them due once more for nothing.
    @Override
    public Uni<Agenda> agenda(int limit) {
        return sql.query(CLOCK).chain(clock -> agenda(clock.getFirst(), limit));
    }

    private Uni<Agenda> agenda(Row clock, int limit) {
        Instant now = Sql.time(clock, "now");
        Optional<Instant> next =
                Optional.ofNullable(clock.getOffsetDateTime("next")).map(OffsetDateTime::toInstant);
        return sql.query(DUE, (long) limit)
                .map(rows -> rows.stream().map(JobRows::job).toList())
                .flatMap(jobs -> waiting(jobs).map(waits -> due(jobs, waits)))
                .map(due -> new Agenda(now, due, next));
    }

    private Uni<Map<UUID, List<Firing>>> waiting(List<Job> jobs) {
        if (jobs.stream().allMatch(job -> job.queued() == 0)) {
            return Uni.createFrom().item(Map.of());
        }
        UUID[] ids = Sql.uuids(jobs, job -> job.id().value());
        return sql.query(WAITING, ids, (long) JobPlanner.MOST_AT_ONCE)
                .map(
                        rows ->
                                rows.stream()
                                        .collect(
                                                Collectors.groupingBy(
                                                        row -> row.getUUID("job_id"),
                                                        Collectors.mapping(
                                                                row -> JobRows.firing(row, ""),
                                                                Collectors.toList()))));
    }

    private static List<DueJob> due(List<Job> jobs, Map<UUID, List<Firing>> waiting) {
        return jobs.stream()
                .map(job -> new DueJob(job, waiting.getOrDefault(job.id().value(), List.of())))
                .toList();
    }

    @Override
    public Uni<Boolean> commit(JobTurn turn) {
        return sql.transaction(transaction -> Fire.turn(transaction, turn));
    }

    @Override
    public Multi<Boolean> changed() {
        return changes.stream().map(_ -> true);
    }
}
