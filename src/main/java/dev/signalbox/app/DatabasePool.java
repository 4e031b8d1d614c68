package dev.signalbox.app;

import dev.signalbox.store.postgres.PostgresDatabase;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.impl.SqlConnectionInternal;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// The pool of connections to PostgreSQL, which keep statements prepared, but for those that want a
/// plan of their own each time.
///
/// Guarantee: a connection on which nothing has been heard for `signalbox.database.silence` is
/// closed, and what was asked on it has failed. A database that is gone without a word (a failover,
/// a firewall that forgot) would otherwise keep connections, and all who wait for an answer on
/// them, for as long as the operating system goes on trying: a quarter of an hour. Consequence: no
/// statement may take longer.
@Singleton
class DatabasePool implements PgPoolCreator {

    private final Duration silence;

    DatabasePool(
            @ConfigProperty(name = "signalbox.database.silence", defaultValue = "PT20S")
                    Duration silence) {
        this.silence = silence;
    }

    @Override
    public Pool create(Input input) {
        input.pgConnectOptionsList()
                .forEach(
                        options ->
                                options.setPreparedStatementCacheSqlFilter(
                                        PostgresDatabase::prepared));
        return PgBuilder.pool()
                .with(input.poolOptions())
                .connectingTo(List.<SqlConnectOptions>copyOf(input.pgConnectOptionsList()))
                .withConnectHandler(this::watch)
                .using(input.vertx())
                .build();
    }

    private void watch(SqlConnection connection) {
        if (connection instanceof SqlConnectionInternal pooled
                && pooled.unwrap().unwrap() instanceof SocketConnectionBase connected) {
            connected
                    .socket()
                    .channelHandlerContext()
                    .pipeline()
                    .addFirst(new HangingUp(silence));
        }
        // Into the pool.
        connection.close();
    }

    /// Closes the channel beneath the driver. The driver's own way of closing takes leave of the
    /// server first and waits for it to hang up, and so does the idle time-out of its options.
    private static final class HangingUp extends IdleStateHandler {

        HangingUp(Duration silence) {
            super(silence.toMillis(), 0, 0, TimeUnit.MILLISECONDS);
        }

        @Override
        protected void channelIdle(ChannelHandlerContext channel, IdleStateEvent event) {
            ChannelFuture _ = channel.close();
        }
    }
}
