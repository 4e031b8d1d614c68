package dev.signalbox.queue.amqp;

import dev.signalbox.queue.EventQueue;
import dev.signalbox.queue.QueueSettings;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.vertx.mutiny.amqp.AmqpMessage;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;

/// [EventQueue] over AMQP.
@ApplicationScoped
class AmqpEventQueue implements EventQueue {

    private static final String MEDIA_TYPE = "application/cloudevents+json; charset=utf-8";

    private final MutinyEmitter<AmqpMessage> events;
    private final String address;
    private final Duration timeout;

    AmqpEventQueue(
            @Channel("run-events") MutinyEmitter<AmqpMessage> events,
            @ConfigProperty(name = "mp.messaging.outgoing.run-events.address") String address,
            QueueSettings settings) {
        this.events = events;
        this.address = address;
        this.timeout = settings.sendTimeout();
    }

    @Override
    public Uni<Void> publish(String event) {
        return Uni.createFrom()
                .deferred(
                        () -> {
                            var message = Messages.text(address, MEDIA_TYPE, event);
                            message.setDurable(true);
                            return events.sendMessage(Message.of(Messages.outgoing(message)));
                        })
                .ifNoItem()
                .after(timeout)
                .fail();
    }
}
