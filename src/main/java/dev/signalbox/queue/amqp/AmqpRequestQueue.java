package dev.signalbox.queue.amqp;

import dev.signalbox.queue.Letter;
import dev.signalbox.queue.QueueSettings;
import dev.signalbox.queue.RequestQueue;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.vertx.mutiny.amqp.AmqpMessage;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jspecify.annotations.Nullable;

/// [RequestQueue] over AMQP.
@ApplicationScoped
@Typed(AmqpRequestQueue.class)
public class AmqpRequestQueue implements RequestQueue {

    /// Application property of a message that was set aside: why.
    public static final String REASON = "signalbox-reason";

    private static final int MAX_REASON = 1000;

    private final Multi<Message<AmqpMessage>> arriving;
    private final MutinyEmitter<AmqpMessage> replies;
    private final MutinyEmitter<AmqpMessage> deadLetters;
    private final String deadLetterAddress;
    private final Duration timeout;

    AmqpRequestQueue(
            @Channel("run-requests") Multi<Message<AmqpMessage>> arriving,
            @Channel("run-replies") MutinyEmitter<AmqpMessage> replies,
            @Channel("run-requests-dlq") MutinyEmitter<AmqpMessage> deadLetters,
            @ConfigProperty(name = "mp.messaging.outgoing.run-requests-dlq.address")
                    String deadLetterAddress,
            QueueSettings settings) {
        this.arriving = arriving;
        this.replies = replies;
        this.deadLetters = deadLetters;
        this.deadLetterAddress = deadLetterAddress;
        this.timeout = settings.sendTimeout();
    }

    @Override
    public Multi<Letter> letters() {
        return arriving.map(AmqpLetter::new);
    }

    private final class AmqpLetter implements Letter {

        private final Message<AmqpMessage> message;
        private final org.apache.qpid.proton.message.Message content;

        AmqpLetter(Message<AmqpMessage> message) {
            this.message = message;
            this.content = Messages.unwrap(message.getPayload());
        }

        @Override
        public @Nullable String contentType() {
            return content.getContentType();
        }

        @Override
        public byte[] body() {
            return Messages.body(content);
        }

        @Override
        public Map<String, ?> properties() {
            return Messages.properties(content);
        }

        @Override
        public boolean wantsReply() {
            return content.getReplyTo() != null && !content.getReplyTo().isBlank();
        }

        @Override
        public Uni<Void> reply(String mediaType, String text) {
            var reply = Messages.text(content.getReplyTo(), mediaType, text);
            reply.setCorrelationId(
                    content.getCorrelationId() == null
                            ? content.getMessageId()
                            : content.getCorrelationId());
            return send(replies, reply);
        }

        @Override
        public Uni<Void> setAside(String reason) {
            String said = reason.substring(0, Math.min(reason.length(), MAX_REASON));
            return send(deadLetters, Messages.copy(content, deadLetterAddress, REASON, said));
        }

        @Override
        public Uni<Void> ack() {
            return Uni.createFrom().completionStage(message::ack);
        }

        private Uni<Void> send(
                MutinyEmitter<AmqpMessage> channel,
                org.apache.qpid.proton.message.Message outgoing) {
            return Uni.createFrom()
                    .deferred(() -> channel.sendMessage(Message.of(Messages.outgoing(outgoing))))
                    .ifNoItem()
                    .after(timeout)
                    .fail();
        }
    }
}
