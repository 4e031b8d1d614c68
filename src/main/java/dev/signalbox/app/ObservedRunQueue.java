package dev.signalbox.app;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.observe.RunMetrics;
import dev.signalbox.queue.RunQueue;
import dev.signalbox.queue.TraceParent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/// A queue whose hints are counted.
final class ObservedRunQueue implements RunQueue {

    private final RunQueue queue;
    private final RunMetrics metrics;

    ObservedRunQueue(RunQueue queue, RunMetrics metrics) {
        this.queue = queue;
        this.metrics = metrics;
    }

    @Override
    public Uni<Void> send(RunId id, Optional<TraceParent> trace) {
        return metrics.wakeupSent(queue.send(id, trace));
    }

    @Override
    public Multi<Delivery> deliveries() {
        return queue.deliveries().invoke(_ -> metrics.wakeupReceived());
    }

    @Override
    public Uni<Void> reachable() {
        return queue.reachable();
    }
}
