package dev.signalbox.queue.amqp;

import dev.signalbox.queue.QueueSettings;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.connector.InboundConnector;
import io.smallrye.reactive.messaging.connector.OutboundConnector;
import io.smallrye.reactive.messaging.providers.helpers.MultiUtils;
import io.vertx.amqp.AmqpReceiverOptions;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.amqp.AmqpMessage;
import io.vertx.mutiny.amqp.AmqpReceiver;
import io.vertx.mutiny.amqp.AmqpSender;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jboss.logging.Logger;

/// Channels to and from an AMQP 1.0 broker. Payloads are [AmqpMessage]s.
///
/// Attributes of a channel: `address`; incoming, `credits`, how many messages the broker may send
/// ahead (32); outgoing, `use-anonymous-sender` (true), whether messages with an address of their
/// own
/// go through the anonymous terminus.
///
/// An incoming channel connects when it is subscribed to, and again for as long as it takes. An
/// outgoing one connects with the first message; a message that the broker has not accepted in
/// `signalbox.queue.send-timeout` is nacked, and the channel goes on.
@ApplicationScoped
@Connector(AmqpConnector.NAME)
class AmqpConnector implements InboundConnector, OutboundConnector {

    static final String NAME = "signalbox-amqp";

    private static final Logger LOG = Logger.getLogger(AmqpConnector.class);
    private static final int CREDITS = 32;
    private static final int CONCURRENCY = 128;
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final AmqpLink link;
    private final Vertx vertx;
    private final Duration timeout;

    AmqpConnector(AmqpLink link, Vertx vertx, QueueSettings settings) {
        this.link = link;
        this.vertx = vertx;
        this.timeout = settings.sendTimeout();
    }

    @Override
    public Flow.Publisher<? extends Message<?>> getPublisher(Config channel) {
        String address = channel.getValue("address", String.class);
        AmqpReceiverOptions options =
                new AmqpReceiverOptions()
                        .setAutoAcknowledgement(false)
                        .setMaxBufferedMessages(
                                channel.getOptionalValue("credits", Integer.class).orElse(CREDITS));
        return Multi.createFrom()
                .deferred(
                        () ->
                                link.open()
                                        .onItem()
                                        .transformToMulti(open -> receive(open, address, options)))
                .onCompletion()
                .fail()
                .onFailure()
                .invoke(reason -> LOG.debugf("no messages from %s: %s", address, reason))
                .onFailure()
                .retry()
                .withBackOff(SHORTEST_PAUSE, LONGEST_PAUSE)
                .indefinitely()
                .onItem()
                .transformToUniAndConcatenate(message -> onContextOfItsOwn(message))
                .map(AmqpConnector::incoming);
    }

    private static Multi<AmqpMessage> receive(
            AmqpLink.Open open, String address, AmqpReceiverOptions options) {
        Multi<AmqpMessage> loss =
                Uni.createFrom()
                        .completionStage(open.lost())
                        .onItem()
                        .<AmqpMessage>transformToUni(Uni.createFrom()::failure)
                        .toMulti();
        return open.connection()
                .createReceiver(address, options)
                .onItem()
                .transformToMulti(
                        receiver -> Multi.createBy().merging().streams(messages(receiver), loss));
    }

    private static Multi<AmqpMessage> messages(AmqpReceiver receiver) {
        return receiver.toMulti().onTermination().call(() -> closed(receiver));
    }

    private static Uni<Void> closed(AmqpReceiver receiver) {
        return receiver.close().onFailure().recoverWithNull();
    }

    /// Each message has a context of its own, so that traces and requests do not mix.
    private Uni<AmqpMessage> onContextOfItsOwn(AmqpMessage message) {
        Context context =
                Objects.requireNonNull(
                        VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext()));
        VertxContextSafetyToggle.setContextSafe(context, true);
        Executor executor = task -> context.runOnContext(_ -> task.run());
        return Uni.createFrom().item(message).emitOn(executor);
    }

    private static Message<AmqpMessage> incoming(AmqpMessage message) {
        return Message.of(
                message,
                () -> settled(message::accepted),
                _ -> settled(() -> message.modified(true, false)));
    }

    private static CompletionStage<Void> settled(Runnable disposition) {
        return CompletableFuture.runAsync(disposition, Runnable::run);
    }

    @Override
    public Flow.Subscriber<? extends Message<?>> getSubscriber(Config channel) {
        String address = channel.getValue("address", String.class);
        boolean anonymous =
                channel.getOptionalValue("use-anonymous-sender", Boolean.class).orElse(true);
        return MultiUtils.via(
                messages ->
                        messages.onItem()
                                .transformToUni(message -> deliver(message, address, anonymous))
                                .merge(CONCURRENCY));
    }

    private Uni<Void> deliver(Message<?> message, String address, boolean anonymous) {
        return send((AmqpMessage) message.getPayload(), address, anonymous)
                .ifNoItem()
                .after(timeout)
                .fail()
                .onItemOrFailure()
                .transformToUni(
                        (_, failure) ->
                                Uni.createFrom()
                                        .completionStage(
                                                failure == null
                                                        ? message.ack()
                                                        : message.nack(failure)))
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Void> send(AmqpMessage message, String address, boolean anonymous) {
        String own = message.address();
        if (own == null || own.equals(address)) {
            return link.open()
                    .chain(open -> open.sender(address))
                    .chain(sender -> sender.sendWithAck(message));
        }
        return link.open()
                .chain(
                        open ->
                                anonymous
                                        ? open.sender("").chain(any -> any.sendWithAck(message))
                                        : open.connection()
                                                .createSender(own)
                                                .chain(once -> sendOnce(once, message)));
    }

    private static Uni<Void> sendOnce(AmqpSender sender, AmqpMessage message) {
        return sender.sendWithAck(message).eventually(() -> sender.close());
    }
}
