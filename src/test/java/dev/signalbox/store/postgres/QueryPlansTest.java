package dev.signalbox.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunFilter;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What runs often reads an index, not the table: that it stays flat as runs pile up rests on this.
@QuarkusTest
@TestProfile(StoreOnly.class)
class QueryPlansTest {

    private static final String TENANT = "plans-7";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Cursor MIDDLE =
            new Cursor(2, UUID.fromString("0190a3c4-0000-7000-8000-000000004e20"));

    /// So that more than a page is left whatever other tests have put into the table.
    private static final Cursor LATE =
            new Cursor(2, UUID.fromString("0190a3c4-0000-7000-8000-000000009c40"));

    /// 40 000 runs of 200 tenants: most have ended, some are parked with a time, few are due.
    private static final String RUNS =
            """
            INSERT INTO runs (id, tenant, status, definition, labels, priority, root_id, created_at,
                              attention, head_seq, head_hash, identity, progress, words, due_at)
            SELECT id, 'plans-' || n % 200, status, 'agent-' || n % 50,
                   jsonb_build_object('team', 't' || n % 1000), n % 10, id, now(),
                   CASE status WHEN 'held' THEN 0 WHEN 'failed' THEN 1 ELSE 2 END,
                   1, 'hash', '{}', '{}', '',
                   CASE status WHEN 'waiting' THEN now() + interval '1 day'
                               WHEN 'queued' THEN now() END
              FROM (SELECT n, ('0190a3c4-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS id,
                           CASE WHEN n % 400 = 0 THEN 'queued' WHEN n % 100 = 1 THEN 'held'
                                WHEN n % 50 = 2 THEN 'failed' WHEN n % 4 = 3 THEN 'waiting'
                                ELSE 'completed' END AS status
                      FROM generate_series(1, 40000) AS n) AS made
            """;

    /// A settled approval for every second run, a pending one for a few, and commands, nearly all
    /// answered.
    private static final String APPROVALS =
            """
            INSERT INTO approvals (id, run_id, tenant, status, content)
            SELECT gen_random_uuid(), id, tenant,
                   CASE WHEN row_number() OVER (ORDER BY id) % 400 = 1 THEN 'pending'
                        ELSE 'approved' END,
                   '{}'
              FROM runs
             WHERE tenant LIKE 'plans-%' AND status IN ('completed', 'waiting')
            """;

    private static final String COMMANDS =
            """
            INSERT INTO run_commands (id, run_id, content, applied_at)
            SELECT gen_random_uuid(), id, '{}', CASE WHEN status <> 'held' THEN now() END
              FROM runs
             WHERE tenant LIKE 'plans-%'
            """;

    @Inject Pool pool;

    @BeforeEach
    void fill() {
        query(RUNS);
        query("ANALYZE runs");
    }

    @AfterEach
    void empty() {
        query("DELETE FROM journal WHERE run_id = '%s'".formatted(MIDDLE.last()));
        query("DELETE FROM approvals WHERE tenant LIKE 'plans-%'");
        query(
                "DELETE FROM run_commands USING runs"
                        + " WHERE run_id = runs.id AND tenant LIKE 'plans-%'");
        query("DELETE FROM runs WHERE tenant LIKE 'plans-%'");
        query("ANALYZE runs");
    }

    @Test
    void aListIsPlannedForWhatItAsksFor() {
        // Given
        Sql sql = new Sql(pool);
        RunQuery list =
                new RunQuery(
                        new RunFilter(
                                TENANT,
                                Set.of(RunStatus.FAILED),
                                Optional.empty(),
                                Map.of(),
                                false,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        PageRequest.first(10));

        // When
        for (int use = 0; use < 20; use++) {
            sql.query(list.statement(), list.parameters()).await().atMost(PATIENCE);
            sql.query("SELECT $1::int AS kept", use).await().atMost(PATIENCE);
        }

        // Then
        assertThat(prepared(Sql.PLANNED_EACH_TIME + "%")).isZero();
        assertThat(prepared("SELECT $1::int AS kept")).isPositive();
    }

    private long prepared(String like) {
        return IntStream.range(0, 20)
                .mapToLong(
                        _ ->
                                pool.preparedQuery(
                                                "SELECT count(*) FROM pg_prepared_statements"
                                                        + " WHERE statement LIKE $1")
                                        .execute(Tuple.of(like))
                                        .await()
                                        .atMost(PATIENCE)
                                        .iterator()
                                        .next()
                                        .getLong(0))
                .sum();
    }

    @Test
    void aListReadsTheIndexOfItsOrder() {
        String first = plan(all(), PageRequest.first(50));
        String later = plan(all(), new PageRequest(50, Optional.of(LATE)));

        assertThat(first).contains("runs_newest").doesNotContain("Seq Scan").doesNotContain("Sort");
        assertThat(later).contains("runs_newest").doesNotContain("Seq Scan").doesNotContain("Sort");
    }

    @Test
    void aListByAttentionReadsTheIndexOfItsOrder() {
        RunFilter attention = filter(Set.of(), Optional.empty(), Map.of(), true, Optional.empty());

        String first = plan(attention, PageRequest.first(50));
        String later = plan(attention, new PageRequest(50, Optional.of(MIDDLE)));

        assertThat(first).contains("runs_by_attention").doesNotContain("Sort");
        assertThat(later).contains("runs_by_attention").doesNotContain("Seq Scan");
    }

    @Test
    void eachFilterReadsItsIndex() {
        assertThat(
                        plan(
                                filter(
                                        Set.of(RunStatus.HELD),
                                        Optional.empty(),
                                        Map.of(),
                                        false,
                                        Optional.empty()),
                                PageRequest.first(50)))
                .contains("runs_by_status");
        assertThat(
                        plan(
                                filter(
                                        Set.of(),
                                        Optional.of("agent-7"),
                                        Map.of(),
                                        false,
                                        Optional.empty()),
                                PageRequest.first(50)))
                .contains("runs_by_definition");
        assertThat(
                        plan(
                                filter(
                                        Set.of(),
                                        Optional.empty(),
                                        Map.of("team", "t7"),
                                        false,
                                        Optional.empty()),
                                PageRequest.first(50)))
                .contains("Index Scan")
                .doesNotContain("Seq Scan");
        assertThat(
                        plan(
                                filter(
                                        Set.of(),
                                        Optional.empty(),
                                        Map.of(),
                                        false,
                                        Optional.of(new RunId(MIDDLE.last()))),
                                PageRequest.first(50)))
                .contains("runs_by_root");
    }

    @Test
    void dispatchingReadsOnlyWhatIsDue() {
        String plan = explain(PostgresRunLeases.DISPATCH, 100L, Sql.seconds(Duration.ofMinutes(1)));

        assertThat(plan).contains("runs_due").contains("runs_sent").doesNotContain("Seq Scan");
    }

    @Test
    void countingWhatWaitsReadsOnlyWhatIsOpen() {
        query(APPROVALS);
        query(COMMANDS);
        query("ANALYZE approvals");
        query("ANALYZE run_commands");

        String plan = explain(PostgresBacklogs.READ, 1000L);

        assertThat(plan)
                .contains("runs_due", "runs_sent", "approvals_pending", "run_commands_open")
                .doesNotContain("Seq Scan");
    }

    @Test
    void aPageOfAJournalReadsItsOwnRows() {
        UUID run = MIDDLE.last();
        query(
                """
                INSERT INTO journal (run_id, last_seq, prev_hash, entries)
                SELECT '%s', n * 50, decode(repeat('00', 32), 'hex'), '[]'
                  FROM generate_series(1, 100) AS n
                """
                        .formatted(run));

        assertThat(rowsOfPage(run, 0, 100)).containsExactly(50L, 100L);
        assertThat(rowsOfPage(run, 120, 100)).containsExactly(150L, 200L, 250L);
        assertThat(rowsOfPage(run, 4_900, 500)).containsExactly(4_950L, 5_000L);
        assertThat(explain(PostgresRunStore.JOURNAL, run, 0L, 100L)).doesNotContain("Seq Scan");
    }

    private List<Long> rowsOfPage(UUID run, long afterSeq, long limit) {
        return Sql.query(pool, PostgresRunStore.JOURNAL, run, afterSeq, limit)
                .await()
                .atMost(PATIENCE)
                .stream()
                .map(row -> row.getLong("last_seq"))
                .toList();
    }

    private String plan(RunFilter filter, PageRequest page) {
        RunQuery query = new RunQuery(filter, page);
        return explain(query.statement(), query.parameters());
    }

    private String explain(String statement, Object... parameters) {
        return Sql.query(pool, "EXPLAIN " + statement, parameters)
                .await()
                .atMost(Duration.ofSeconds(20))
                .stream()
                .map(row -> row.getString(0))
                .collect(Collectors.joining("\n"));
    }

    private List<?> query(String statement) {
        return Sql.query(pool, statement).await().atMost(Duration.ofSeconds(60));
    }

    private static RunFilter all() {
        return filter(Set.of(), Optional.empty(), Map.of(), false, Optional.empty());
    }

    private static RunFilter filter(
            Set<RunStatus> statuses,
            Optional<String> definition,
            Map<String, String> labels,
            boolean attention,
            Optional<RunId> root) {
        return new RunFilter(
                TENANT,
                statuses,
                definition,
                labels,
                attention,
                Optional.empty(),
                Optional.empty(),
                root);
    }
}
