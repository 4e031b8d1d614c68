package dev.signalbox.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.signalbox.app.embedded.PostgresServer;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.support.TestServices;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database that goes away and comes back, on a server of its own.
final class OutageTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir private Path home;
    private final Vertx vertx = Vertx.vertx();
    private PostgresServer server;
    private Pool pool;
    private Sql sql;

    @BeforeEach
    void start() {
        server = PostgresServer.start(home, TestServices.postgresSoftware(), 0);
        pool =
                PgBuilder.pool()
                        .with(new PoolOptions().setMaxSize(4))
                        .connectingTo(
                                new PgConnectOptions()
                                        .setHost("127.0.0.1")
                                        .setPort(server.port())
                                        .setDatabase("postgres")
                                        .setUser("signalbox")
                                        .setPassword("signalbox"))
                        .using(vertx)
                        .build();
        sql = new Sql(pool);
    }

    @AfterEach
    void stop() {
        pool.closeAndAwait();
        vertx.closeAndAwait();
        server.close();
    }

    @Test
    void whileTheDatabaseIsAwayCallsAreRefusedAndThenTheyWorkAgain() {
        assertThat(one()).isEqualTo(1);
        int port = server.port();
        server.close();

        assertUnavailable();
        assertUnavailable();
        server = PostgresServer.start(home, TestServices.postgresSoftware(), port);

        await().atMost(PATIENCE)
                .ignoreException(ProblemException.class)
                .untilAsserted(() -> assertThat(one()).isEqualTo(1));
    }

    @Test
    void wakeUpsAreHeardAgainAfterARestart() {
        RunId run = new RunId(new UUID(1, 2));
        List<RunId> heard = new CopyOnWriteArrayList<>();
        Cancellable listening = new Wakeups(pool).stream().subscribe().with(heard::add);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(told(run, heard)).contains(run));
        int port = server.port();
        server.close();
        server = PostgresServer.start(home, TestServices.postgresSoftware(), port);
        heard.clear();

        await().atMost(PATIENCE)
                .ignoreException(ProblemException.class)
                .untilAsserted(() -> assertThat(told(run, heard)).contains(run));

        listening.cancel();
    }

    private List<RunId> told(RunId run, List<RunId> heard) {
        sql.query("SELECT pg_notify('signalbox_wakeups', $1)", run.toString())
                .await()
                .atMost(PATIENCE);
        return heard;
    }

    private int one() {
        return sql.query("SELECT 1").await().atMost(PATIENCE).getFirst().getInteger(0);
    }

    private void assertUnavailable() {
        assertThatThrownBy(this::one)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        away ->
                                assertThat(away.problem().code())
                                        .isEqualTo(ProblemCode.UNAVAILABLE));
    }
}
