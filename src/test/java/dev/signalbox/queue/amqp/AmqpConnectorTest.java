package dev.signalbox.queue.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.app.embedded.Broker;
import dev.signalbox.queue.QueueSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.mutiny.amqp.AmqpMessage;
import io.vertx.mutiny.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AmqpConnectorTest {

    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir Path home;
    private final Vertx vertx = Vertx.vertx();
    private final int port = freePort();
    private final AmqpLink link =
            new AmqpLink(
                    vertx,
                    InstantSource.system(),
                    "127.0.0.1",
                    port,
                    Optional.empty(),
                    Optional.empty(),
                    false);
    private final AmqpConnector connector =
            new AmqpConnector(link, vertx.getDelegate(), new Settings());
    private final BlockingQueue<Message<?>> received = new LinkedBlockingQueue<>();
    private MultiEmitter<? super Message<?>> outgoing;
    private Broker broker;

    @BeforeEach
    void open() {
        Multi.createFrom()
                .publisher(connector.getPublisher(channel(Map.of("credits", "4"))))
                .subscribe()
                .with(received::add);
        subscribe(connector.getSubscriber(channel(Map.of())));
    }

    @SuppressWarnings("unchecked")
    private void subscribe(Flow.Subscriber<? extends Message<?>> subscriber) {
        Multi.createFrom()
                .<Message<?>>emitter(emitter -> outgoing = emitter)
                .subscribe((Flow.Subscriber<Message<?>>) subscriber);
    }

    @AfterEach
    void close() {
        link.close();
        stop();
        vertx.closeAndAwait();
    }

    @Test
    void without_a_broker_a_send_fails_soon_and_the_channel_works_once_there_is_one()
            throws Exception {
        Instant begin = Instant.now();
        assertThatThrownBy(() -> send("lost")).isInstanceOf(Exception.class);
        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));

        start();

        eventually(() -> send("kept"));
        assertThat(next()).isEqualTo("kept");
    }

    @Test
    void after_an_outage_messages_flow_again_in_both_directions() throws Exception {
        start();
        eventually(() -> send("before"));
        assertThat(next()).isEqualTo("before");

        stop();
        assertThatThrownBy(() -> send("during")).isInstanceOf(Exception.class);
        start();

        eventually(() -> send("after"));
        String next = next();
        // The broker may have stopped before it took note of the acknowledgement.
        assertThat(next.equals("before") ? next() : next).isEqualTo("after");
    }

    @Test
    void a_message_that_was_not_acknowledged_comes_again() throws Exception {
        start();
        eventually(() -> send("work"));
        Message<?> first = received.poll(SOON.toSeconds(), TimeUnit.SECONDS);

        stop();
        start();

        Message<?> again = received.poll(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(text(again)).isEqualTo(text(first)).isEqualTo("work");
        again.ack().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @Test
    void a_message_goes_to_its_own_address_where_it_has_one() throws Exception {
        start();
        var content = Messages.text("elsewhere", "text/plain", "hello");
        BlockingQueue<String> elsewhere = new LinkedBlockingQueue<>();
        Multi.createFrom()
                .publisher(connector.getPublisher(channel(Map.of("address", "elsewhere"))))
                .subscribe()
                .with(message -> elsewhere.add(text(message)));

        eventually(() -> send(Messages.outgoing(content)));

        assertThat(elsewhere.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo("hello");
        assertThat(received).isEmpty();
    }

    @Test
    void many_messages_arrive_once_each_with_few_credits() throws Exception {
        start();
        eventually(() -> send("0"));
        List<CompletableFuture<Void>> sent =
                java.util.stream.IntStream.range(1, 500)
                        .mapToObj(n -> sending(message(Integer.toString(n))))
                        .toList();
        sent.forEach(CompletableFuture::join);

        List<String> texts = new java.util.ArrayList<>();
        while (texts.size() < 500) {
            Message<?> message = received.poll(SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(message).isNotNull();
            texts.add(text(message));
            message.ack().toCompletableFuture().get(5, TimeUnit.SECONDS);
        }

        assertThat(texts).doesNotHaveDuplicates().hasSize(500);
        assertThat(received).isEmpty();
    }

    private interface Action {
        void run() throws Exception;
    }

    private static void eventually(Action action) throws Exception {
        Instant end = Instant.now().plus(SOON);
        while (true) {
            try {
                action.run();
                return;
            } catch (Exception failed) {
                if (Instant.now().isAfter(end)) {
                    throw failed;
                }
                Uni.createFrom()
                        .voidItem()
                        .onItem()
                        .delayIt()
                        .by(Duration.ofMillis(100))
                        .await()
                        .indefinitely();
            }
        }
    }

    private void send(String text) throws Exception {
        send(message(text));
    }

    private void send(AmqpMessage message) throws Exception {
        sending(message).get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    private CompletableFuture<Void> sending(AmqpMessage message) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        outgoing.emit(
                Message.of(
                        message,
                        () -> {
                            done.complete(null);
                            return CompletableFuture.completedFuture(null);
                        },
                        reason -> {
                            done.completeExceptionally(reason);
                            return CompletableFuture.completedFuture(null);
                        }));
        return done;
    }

    private static AmqpMessage message(String text) {
        var content = Messages.text("channel-under-test", "text/plain", text);
        content.setDurable(true);
        return Messages.outgoing(content);
    }

    private String next() throws Exception {
        Message<?> message = received.poll(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(message).isNotNull();
        message.ack().toCompletableFuture().get(5, TimeUnit.SECONDS);
        return text(message);
    }

    private static String text(Message<?> message) {
        return new String(
                Messages.body(Messages.unwrap((AmqpMessage) message.getPayload())),
                StandardCharsets.UTF_8);
    }

    private void start() {
        broker = Broker.start(home, port);
    }

    private void stop() {
        if (broker != null) {
            broker.close();
            broker = null;
        }
    }

    private static Config channel(Map<String, String> more) {
        Map<String, String> attributes =
                new java.util.HashMap<>(Map.of("address", "channel-under-test"));
        attributes.putAll(more);
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(attributes, "channel", 100))
                .build();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private record Settings(
            Kind kind, Duration sweep, Duration resend, int sweepLimit, Duration sendTimeout)
            implements QueueSettings {
        Settings() {
            this(
                    Kind.AMQP,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(15),
                    500,
                    Duration.ofSeconds(2));
        }
    }
}
