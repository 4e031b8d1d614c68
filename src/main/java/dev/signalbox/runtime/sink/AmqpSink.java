package dev.signalbox.runtime.sink;

import dev.signalbox.queue.EventQueue;
import io.smallrye.mutiny.Uni;

/// The broker: each event is a durable message, a structured CloudEvent.
record AmqpSink(EventQueue queue) implements EventSink {

    @Override
    public Uni<Void> send(OutgoingEvent event) {
        return queue.publish(event.json());
    }
}
