package dev.signalbox.queue.amqp;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.queue.QueueSettings;
import dev.signalbox.queue.RunQueue;
import dev.signalbox.queue.TraceParent;
import dev.signalbox.wire.JsonCodec;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.vertx.mutiny.amqp.AmqpMessage;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/// [RunQueue] over AMQP: `{"runId": "…"}`, not durable, gone when it would be repeated anyway.
@ApplicationScoped
@Typed(AmqpRunQueue.class)
public class AmqpRunQueue implements RunQueue {

    private static final Logger LOG = Logger.getLogger(AmqpRunQueue.class);

    private final AmqpLink link;
    private final MutinyEmitter<AmqpMessage> wakeups;
    private final Multi<Message<AmqpMessage>> arriving;
    private final String address;
    private final Duration timeout;
    private final long lifeMillis;

    AmqpRunQueue(
            AmqpLink link,
            @Channel("run-wakeups-out") MutinyEmitter<AmqpMessage> wakeups,
            @Channel("run-wakeups") Multi<Message<AmqpMessage>> arriving,
            @ConfigProperty(name = "mp.messaging.outgoing.run-wakeups-out.address") String address,
            QueueSettings settings) {
        this.link = link;
        this.wakeups = wakeups;
        this.arriving = arriving;
        this.address = address;
        this.timeout = settings.sendTimeout();
        this.lifeMillis = settings.resend().toMillis();
    }

    @Override
    public Uni<Void> send(RunId id, Optional<TraceParent> trace) {
        return Uni.createFrom()
                .deferred(() -> wakeups.sendMessage(Message.of(hint(id, trace))))
                .ifNoItem()
                .after(timeout)
                .fail();
    }

    private AmqpMessage hint(RunId id, Optional<TraceParent> trace) {
        JsonObject body = new JsonObject(Map.of("runId", Json.text(id.toString())));
        var message = Messages.text(address, "application/json", body.canonical());
        message.setTtl(lifeMillis);
        trace.ifPresent(
                parent ->
                        message.setApplicationProperties(
                                new ApplicationProperties(
                                        Map.of(TraceParent.NAME, parent.toString()))));
        return Messages.outgoing(message);
    }

    @Override
    public Multi<Delivery> deliveries() {
        return arriving.onItem().transformToUniAndConcatenate(this::delivery);
    }

    @Override
    public Uni<Void> reachable() {
        return link.open().replaceWithVoid();
    }

    /// What the message says, or nothing and the message is gone: a hint that cannot be read is of
    /// no use to anybody.
    private Uni<Delivery> delivery(Message<AmqpMessage> message) {
        var content = Messages.unwrap(message.getPayload());
        Object trace = Messages.properties(content).get(TraceParent.NAME);
        return runId(new String(Messages.body(content), StandardCharsets.UTF_8))
                .map(
                        id ->
                                Uni.createFrom()
                                        .item(
                                                new Delivery(
                                                        id,
                                                        TraceParent.parse(trace),
                                                        () -> ack(message))))
                .orElseGet(() -> ack(message).map(_ -> null));
    }

    private static Optional<RunId> runId(String body) {
        try {
            if (JsonCodec.parseObject(body).get("runId") instanceof JsonText(String id)) {
                return Optional.of(RunId.of(id));
            }
        } catch (ProblemException | IllegalArgumentException malformed) {
            LOG.debugf("a wake-up that cannot be read: %s", malformed.getMessage());
        }
        return Optional.empty();
    }

    private static Uni<Void> ack(Message<AmqpMessage> message) {
        return Uni.createFrom().completionStage(message::ack);
    }
}
