package dev.signalbox.support;

import io.vertx.amqp.AmqpClientOptions;
import io.vertx.amqp.impl.AmqpMessageImpl;
import io.vertx.mutiny.amqp.AmqpClient;
import io.vertx.mutiny.amqp.AmqpConnection;
import io.vertx.mutiny.amqp.AmqpMessage;
import io.vertx.mutiny.amqp.AmqpReceiver;
import io.vertx.mutiny.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.message.Message;

/// Somebody else on the broker: sends messages exactly as told, and receives.
public final class AmqpPeer implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final Vertx vertx = Vertx.vertx();
    private final AmqpConnection connection;

    public AmqpPeer(int port) {
        connection =
                AmqpClient.create(vertx, new AmqpClientOptions().setHost("127.0.0.1").setPort(port))
                        .connectAndAwait();
    }

    /// A message with that body as data.
    public static Message message(String contentType, String body, Map<String, Object> properties) {
        Message message = Message.Factory.create();
        message.setContentType(contentType);
        message.setBody(new Data(new Binary(body.getBytes(StandardCharsets.UTF_8))));
        message.setApplicationProperties(new ApplicationProperties(properties));
        return message;
    }

    public static String body(Message message) {
        Binary binary = ((Data) message.getBody()).getValue();
        return new String(
                binary.getArray(),
                binary.getArrayOffset(),
                binary.getLength(),
                StandardCharsets.UTF_8);
    }

    public void send(String address, Message message) {
        message.setAddress(address);
        connection
                .createSender(address)
                .chain(
                        sender ->
                                sender.sendWithAck(
                                                AmqpMessage.newInstance(
                                                        new AmqpMessageImpl(message)))
                                        .eventually(sender::close))
                .await()
                .atMost(SOON);
    }

    /// A mailbox that the broker makes up and only this peer reads.
    public Mailbox mailbox() {
        return new Mailbox(connection.createDynamicReceiverAndAwait());
    }

    /// The mailbox of that address.
    public Mailbox mailbox(String address) {
        return new Mailbox(connection.createReceiverAndAwait(address));
    }

    @Override
    public void close() {
        connection.close().onFailure().recoverWithNull().await().atMost(SOON);
        vertx.closeAndAwait();
    }

    /// Messages that have come to one address.
    public static final class Mailbox {

        private final String address;
        private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();

        private Mailbox(AmqpReceiver receiver) {
            address = receiver.address();
            receiver.handler(message -> messages.add(message.getDelegate().unwrap()));
        }

        public String address() {
            return address;
        }

        /// The next message that fits; those before it are dropped.
        public Message next(Predicate<Message> fits) throws InterruptedException {
            long end = System.nanoTime() + SOON.toNanos();
            while (System.nanoTime() < end) {
                Message message = messages.poll(100, TimeUnit.MILLISECONDS);
                if (message != null && fits.test(message)) {
                    return message;
                }
            }
            throw new AssertionError("no such message has come to " + address);
        }

        public Message next() throws InterruptedException {
            return next(_ -> true);
        }
    }
}
