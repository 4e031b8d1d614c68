package dev.signalbox.store.postgres;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.mutiny.pgclient.PgConnection;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.sqlclient.ClosedConnectionException;
import java.time.Duration;

/// Hears what is said on a channel by PostgreSQL's NOTIFY, in whatever process.
final class Listening {

    /// How often the connection that listens says something itself: one that is silent is closed.
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(2);

    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration SLOWEST_RETRY = Duration.ofSeconds(5);

    private final String channel;
    private final Multi<String> stream;

    /// @param pool one of its connections listens for as long as somebody subscribes to the stream
    Listening(Pool pool, String channel) {
        this.channel = channel;
        stream =
                pool.getConnection()
                        .onItem()
                        .transformToMulti(this::listen)
                        .onFailure()
                        .retry()
                        .withBackOff(FIRST_RETRY, SLOWEST_RETRY)
                        .indefinitely()
                        .broadcast()
                        .withCancellationAfterLastSubscriberDeparture()
                        .toAllSubscribers();
    }

    /// What is said from now on. While the database is away nothing is heard; listening begins again
    /// by itself.
    Multi<String> stream() {
        return stream.onOverflow().drop();
    }

    private Multi<String> listen(SqlConnection connection) {
        Multi<String> notified =
                Multi.createFrom()
                        .emitter(
                                emitter -> forward(PgConnection.cast(connection), emitter),
                                BackPressureStrategy.DROP);
        return connection
                .query("LISTEN " + channel)
                .execute()
                .onItem()
                .transformToMulti(
                        _ -> Multi.createBy().merging().streams(notified, alive(connection)))
                .onTermination()
                .call(() -> leave(connection));
    }

    private static Multi<String> alive(SqlConnection connection) {
        return Multi.createFrom()
                .ticks()
                .every(SIGN_OF_LIFE)
                .onOverflow()
                .drop()
                .onItem()
                .transformToUniAndConcatenate(
                        _ -> connection.query("SELECT 1").execute().map(_ -> (String) null));
    }

    private static void forward(PgConnection connection, MultiEmitter<? super String> emitter) {
        connection.notificationHandler(heard -> emitter.emit(heard.getPayload()));
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
