package dev.signalbox.queue;

import io.smallrye.mutiny.Uni;

/// Where events of runs go out over the queue.
public interface EventQueue {

    /// Sends one structured CloudEvent, durable. Completes when the queue has accepted it.
    Uni<Void> publish(String event);
}
