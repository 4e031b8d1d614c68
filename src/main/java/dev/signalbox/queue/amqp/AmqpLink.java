package dev.signalbox.queue.amqp;

import io.smallrye.mutiny.Uni;
import io.vertx.amqp.AmqpClientOptions;
import io.vertx.mutiny.amqp.AmqpClient;
import io.vertx.mutiny.amqp.AmqpConnection;
import io.vertx.mutiny.amqp.AmqpSender;
import io.vertx.mutiny.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The one connection to the broker, made when somebody needs it and again when it is gone.
///
/// Guarantee: at most one attempt is under way, and after a failed one the next waits, ever longer
/// up to a few seconds; until then everybody who asks is told at once that there is none.
@ApplicationScoped
class AmqpLink {

    private static final Logger LOG = Logger.getLogger(AmqpLink.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int CONNECT_MILLIS = 2000;
    private static final int HEARTBEAT_MILLIS = 4000;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);

    private final AmqpClient client;
    private final InstantSource clock;
    private @Nullable Uni<Open> current;
    private @Nullable Throwable failure;
    private Instant notBefore = Instant.EPOCH;
    private Duration pause = FIRST_PAUSE;

    AmqpLink(
            Vertx vertx,
            InstantSource clock,
            @ConfigProperty(name = "amqp-host", defaultValue = "localhost") String host,
            @ConfigProperty(name = "amqp-port", defaultValue = "5672") int port,
            @ConfigProperty(name = "amqp-username") Optional<String> username,
            @ConfigProperty(name = "amqp-password") Optional<String> password,
            @ConfigProperty(name = "amqp-use-ssl", defaultValue = "false") boolean ssl) {
        this.clock = clock;
        AmqpClientOptions options =
                new AmqpClientOptions()
                        .setHost(host)
                        .setPort(port)
                        .setSsl(ssl)
                        .setConnectTimeout(CONNECT_MILLIS)
                        .setHeartbeat(HEARTBEAT_MILLIS);
        username.ifPresent(options::setUsername);
        password.ifPresent(options::setPassword);
        this.client = AmqpClient.create(vertx, options);
    }

    /// A connection while it lasts.
    ///
    /// @param lost completes when the connection is gone
    /// @param senders by address; the one of the empty address sends anywhere
    record Open(
            AmqpConnection connection,
            CompletableFuture<Throwable> lost,
            Map<String, Uni<AmqpSender>> senders) {

        /// The sender to `address`, or the anonymous one.
        Uni<AmqpSender> sender(String address) {
            return senders.computeIfAbsent(address, this::createSender);
        }

        private Uni<AmqpSender> createSender(String address) {
            Uni<AmqpSender> created =
                    address.isEmpty()
                            ? connection.createAnonymousSender()
                            : connection.createSender(address);
            return created.invoke(sender -> sender.exceptionHandler(_ -> senders.remove(address)))
                    .onFailure()
                    .invoke(() -> senders.remove(address))
                    .memoize()
                    .indefinitely();
        }
    }

    /// The connection; fails if there is none and none can be made now.
    Uni<Open> open() {
        return Uni.createFrom().deferred(this::currentOrNew);
    }

    private synchronized Uni<Open> currentOrNew() {
        if (current != null) {
            return current;
        }
        if (failure != null && clock.instant().isBefore(notBefore)) {
            return Uni.createFrom().failure(failure);
        }
        Uni<Open> attempt =
                client.connect()
                        .ifNoItem()
                        .after(PATIENCE)
                        .fail()
                        .map(this::opened)
                        .onFailure()
                        .invoke(this::failed)
                        .memoize()
                        .indefinitely();
        current = attempt;
        return attempt;
    }

    private synchronized Open opened(AmqpConnection connection) {
        failure = null;
        pause = FIRST_PAUSE;
        Open open = new Open(connection, new CompletableFuture<>(), new ConcurrentHashMap<>());
        connection.exceptionHandler(reason -> lost(open, reason));
        return open;
    }

    private synchronized void failed(Throwable reason) {
        LOG.debugf("no connection to the broker: %s", reason.getMessage());
        current = null;
        failure = reason;
        notBefore = clock.instant().plus(pause);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }

    private void lost(Open open, Throwable reason) {
        LOG.debugf("the connection to the broker is gone: %s", reason.getMessage());
        synchronized (this) {
            current = null;
        }
        open.lost().complete(reason);
    }

    @PreDestroy
    void close() {
        client.closeAndForget();
    }
}
