package dev.signalbox.store.postgres;

import dev.signalbox.domain.id.RunId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.mutiny.pgclient.PgConnection;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.sqlclient.ClosedConnectionException;
import java.time.Duration;
import java.util.List;

/// Wakes runs, and hears of runs that were woken, in whatever process: PostgreSQL's NOTIFY, sent
/// with the commit of a command or decision. Rare enough not to matter to the journal's commits.
final class Wakeups {

    /// The lease is not touched: a worker that is on the run notices by the wake version.
    static final String WAKE =
            """
            WITH woken AS (
                UPDATE runs
                   SET due_at = now(), dispatched_at = NULL, wake_version = wake_version + 1
                 WHERE id = $1 AND status NOT IN ('completed', 'failed', 'cancelled')
                RETURNING id
            )
            SELECT pg_notify('signalbox_wakeups', id::text) FROM woken
            """;

    /// How often the connection that listens says something itself: one that is silent is closed.
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(2);

    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration SLOWEST_RETRY = Duration.ofSeconds(5);

    private final Multi<RunId> stream;

    /// @param pool one of its connections listens for as long as somebody subscribes to the stream
    Wakeups(Pool pool) {
        stream =
                pool.getConnection()
                        .onItem()
                        .transformToMulti(Wakeups::listen)
                        .onFailure()
                        .retry()
                        .withBackOff(FIRST_RETRY, SLOWEST_RETRY)
                        .indefinitely()
                        .broadcast()
                        .withCancellationAfterLastSubscriberDeparture()
                        .toAllSubscribers();
    }

    /// Wakes the run inside the transaction that gives the reason for it.
    static Uni<List<Row>> wake(SqlConnection transaction, RunId id) {
        return Sql.query(transaction, WAKE, id.value());
    }

    /// The runs that are woken from now on. While the database is away nothing is heard; listening
    /// begins again by itself.
    Multi<RunId> stream() {
        return stream.onOverflow().drop();
    }

    private static Multi<RunId> listen(SqlConnection connection) {
        Multi<RunId> notified =
                Multi.createFrom()
                        .emitter(
                                emitter -> forward(PgConnection.cast(connection), emitter),
                                BackPressureStrategy.DROP);
        return connection
                .query("LISTEN signalbox_wakeups")
                .execute()
                .onItem()
                .transformToMulti(
                        _ -> Multi.createBy().merging().streams(notified, alive(connection)))
                .onTermination()
                .call(() -> leave(connection));
    }

    private static Multi<RunId> alive(SqlConnection connection) {
        return Multi.createFrom()
                .ticks()
                .every(SIGN_OF_LIFE)
                .onOverflow()
                .drop()
                .onItem()
                .transformToUniAndConcatenate(
                        _ -> connection.query("SELECT 1").execute().map(_ -> (RunId) null));
    }

    private static void forward(PgConnection connection, MultiEmitter<? super RunId> emitter) {
        connection.notificationHandler(heard -> emitter.emit(RunId.of(heard.getPayload())));
        connection.closeHandler(() -> emitter.fail(ClosedConnectionException.INSTANCE));
    }

    private static Uni<Void> leave(SqlConnection connection) {
        return connection
                .query("UNLISTEN *")
                .execute()
                .onItemOrFailure()
                .transformToUni((_, _) -> connection.close())
                .onFailure()
                .recoverWithNull();
    }
}
