package dev.signalbox.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.domain.retention.RetentionRule;
import dev.signalbox.domain.retention.RetentionRules;
import dev.signalbox.domain.retention.RetentionTerms;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.store.Backend;
import dev.signalbox.store.Retention.Batch;
import dev.signalbox.store.Retention.Place;
import dev.signalbox.store.Retention.Round;
import dev.signalbox.store.RetentionContract;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(StoreOnly.class)
class PostgresRetentionTest extends RetentionContract {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String OLD = "old-runs";

    /// Runs that have long ended, with two rows of journal and a payload each.
    private static final String FILL =
            """
            WITH made AS (
                INSERT INTO runs (id, tenant, status, definition, labels, priority, root_id,
                                  created_at, attention, head_seq, head_hash, identity, progress,
                                  words, ended_at)
                SELECT id, 'old', 'failed', 'old-runs', '{}', 5, id, now(), 1, 2, hash,
                       format(identity, id, id), progress, '', now() - n * interval '1 second'
                  FROM (SELECT n, ('0190a3c4-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid AS id
                          FROM generate_series(1, HOW_MANY) AS n) AS ids,
                       (SELECT $1::text AS identity, $2::text AS progress, $3::text AS hash) AS texts
                RETURNING id
            ), entries AS (
                INSERT INTO journal (run_id, last_seq, prev_hash, entries)
                SELECT id, seq, decode(repeat('00', 32), 'hex'), '[]'
                  FROM made, generate_series(1, 2) AS seq
            )
            INSERT INTO payloads (run_id, digest, content)
            SELECT id, decode(repeat('11', 32), 'hex'), '"kept"' FROM made
            """;

    private static final String IDENTITY =
            """
            {"createdAt":"2026-01-01T00:00:00Z","definition":{"digest":"sha256:%s","kind":"agent",\
            "name":"old-runs","version":"1.0.0"},"id":"%%s","input":"sha256:%s","labels":{},\
            "lineage":{"root":"%%s"},"priority":5,"requestedBy":"svc","tenant":"old",\
            "traceId":"0af7651916cd43dd8448eb211c80319c"}"""
                    .formatted("0".repeat(64), "1".repeat(64));

    private static final String PROGRESS =
            """
            {"finishedAt":"2026-01-01T00:00:01Z","updatedAt":"2026-01-01T00:00:01Z",\
            "usage":{"costUsd":0,"inputTokens":0,"modelCalls":0,"outputTokens":0,"toolCalls":0}}""";

    @Inject PostgresBackend backend;
    @Inject Pool pool;
    @Inject DataSource source;

    @Override
    protected Backend backend() {
        return backend;
    }

    @AfterEach
    void empty() {
        for (String table : List.of("journal", "payloads")) {
            query(
                    "DELETE FROM %s WHERE run_id IN (SELECT id FROM runs WHERE definition = '%s')"
                            .formatted(table, OLD));
        }
        query("DELETE FROM runs WHERE definition = '%s'".formatted(OLD));
    }

    @Test
    void aBatchThatBreaksOffHasRemovedNothing() throws Exception {
        // Given
        fill(40);
        try (Connection blocker = source.getConnection();
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute(
                    "SELECT FROM payloads WHERE run_id = '0190a3c4-0000-7000-9000-00000000001e'"
                            + " FOR UPDATE");

            // When
            CompletableFuture<Batch> batch =
                    backend.retention()
                            .prune(round(Optional.empty(), 20))
                            .subscribeAsCompletionStage();
            kill("DELETE FROM payloads%");

            // Then
            assertThatThrownBy(batch::join).isInstanceOf(CompletionException.class);
            blocker.rollback();
        }
        assertThat(left()).isEqualTo("40 80 40 0");

        prune(20);

        assertThat(left()).isEqualTo("0 0 0 40");
    }

    /// Not a measurement: only that ten thousand runs go in small commits while others come and end.
    @Test
    void tenThousandRunsGoInSmallCommitsWhileRunsGoOn() {
        // Given
        fill(10_000);
        query("ANALYZE runs");
        CompletableFuture<Integer> others = CompletableFuture.supplyAsync(this::endRuns);

        // When
        List<Integer> sizes = prune(200);

        // Then
        assertThat(sizes).hasSizeBetween(50, 52).allMatch(size -> size <= 200);
        assertThat(left()).isEqualTo("0 0 0 10000");
        assertThat(others.join()).isEqualTo(50);
    }

    @Test
    void whatIsDueIsReadFromItsIndex() {
        fill(5_000);
        query("ANALYZE runs");

        String roots =
                explain(
                        Prune.ROOTS,
                        OLD,
                        "failed",
                        0.0,
                        Sql.time(Instant.EPOCH),
                        new UUID(0, 0),
                        100L);
        String needed = explain(Prune.NEEDED, (Object) new UUID[] {run(5), run(6)});

        assertThat(roots).contains("runs_ended").doesNotContain("Seq Scan").doesNotContain("Sort");
        assertThat(needed).contains("runs_branches").doesNotContain("Seq Scan on runs");
    }

    private static UUID run(int number) {
        return UUID.fromString(
                "0190a3c4-0000-7000-9000-%012x".formatted(number));
    }

    private int endRuns() {
        int ended = 0;
        for (int run = 0; run < 50; run++) {
            endOne();
            ended++;
        }
        return ended;
    }

    private void fill(int runs) {
        query(
                FILL.replace("HOW_MANY", Integer.toString(runs)),
                IDENTITY,
                PROGRESS,
                "sha256:" + "2".repeat(64));
        query("DELETE FROM tombstones WHERE tenant = 'old'");
    }

    private static Round round(Optional<Place> after, int most) {
        RetentionRule rule =
                new RetentionRule(OLD, RunStatus.FAILED, Duration.ZERO, Optional.empty());
        return new Round(
                "pruner",
                Duration.ofMillis(1),
                rule,
                new RetentionRules(Map.of(), RetentionTerms.NONE),
                after,
                most);
    }

    private List<Integer> prune(int most) {
        List<Integer> sizes = new ArrayList<>();
        Optional<Place> after = Optional.empty();
        do {
            Batch.Removed batch =
                    (Batch.Removed)
                            backend.retention()
                                    .prune(round(after, most))
                                    .await()
                                    .atMost(PATIENCE);
            sizes.add(batch.removed().size());
            after = batch.next();
        } while (after.isPresent());
        return sizes;
    }

    /// Runs, rows of journals, payloads, tombstones.
    private String left() {
        return query(
                        """
                        SELECT (SELECT count(*) FROM runs WHERE definition = 'old-runs') || ' '
                               || (SELECT count(*) FROM journal WHERE run_id::text LIKE '0190a3c4-0000-7000-9000-%')
                               || ' '
                               || (SELECT count(*) FROM payloads WHERE run_id::text LIKE '0190a3c4-0000-7000-9000-%')
                               || ' ' || (SELECT count(*) FROM tombstones WHERE tenant = 'old') AS told
                        """)
                .getFirst()
                .getString("told");
    }

    /// Ends the connection that is at such a statement, as soon as one is.
    private void kill(String statement) throws SQLException, InterruptedException {
        try (Connection connection = source.getConnection();
                Statement query = connection.createStatement()) {
            for (int attempt = 0; attempt < 600; attempt++) {
                var killed =
                        query.executeQuery(
                                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query"
                                        + " LIKE '"
                                        + statement
                                        + "' AND wait_event_type = 'Lock'");
                if (killed.next()) {
                    return;
                }
                Thread.sleep(50);
            }
        }
        throw new AssertionError("nobody is at " + statement);
    }

    private String explain(String statement, Object... parameters) {
        return query("EXPLAIN " + statement, parameters).stream()
                .map(row -> row.getString(0))
                .collect(Collectors.joining("\n"));
    }

    /// A pool may hand out the connection that a test has just killed.
    private List<Row> query(String sql, Object... parameters) {
        return Sql.query(pool, sql, parameters).onFailure().retry().atMost(3).await().atMost(PATIENCE);
    }
}
