package dev.signalbox.queue.memory;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.queue.RunQueue;
import dev.signalbox.queue.TraceParent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Hints from hand to hand within the process. Several consumers take turns; hints wait for the
/// first one, and those that are too many to keep are dropped for the sweep to repeat.
public final class MemoryRunQueue implements RunQueue {

    private static final int CAPACITY = 10_000;

    private final List<Consumer> consumers = new ArrayList<>();
    private final Deque<Delivery> early = new ArrayDeque<>();
    private int turn;

    private record Consumer(MultiEmitter<? super Delivery> emitter, AtomicInteger waiting) {

        void offer(Delivery delivery) {
            if (waiting.incrementAndGet() > CAPACITY) {
                waiting.decrementAndGet();
            } else {
                emitter.emit(delivery);
            }
        }
    }

    @Override
    public Uni<Void> send(RunId id, Optional<TraceParent> trace) {
        return Uni.createFrom().voidItem().invoke(() -> hand(id, trace));
    }

    private synchronized void hand(RunId id, Optional<TraceParent> trace) {
        Delivery delivery = new Delivery(id, trace, () -> Uni.createFrom().voidItem());
        if (!consumers.isEmpty()) {
            consumers.get(Math.floorMod(turn++, consumers.size())).offer(delivery);
        } else if (early.size() < CAPACITY) {
            early.add(delivery);
        }
    }

    @Override
    public Multi<Delivery> deliveries() {
        return Multi.createFrom()
                .deferred(
                        () -> {
                            AtomicInteger waiting = new AtomicInteger();
                            return Multi.createFrom()
                                    .<Delivery>emitter(
                                            emitter -> join(new Consumer(emitter, waiting)),
                                            BackPressureStrategy.BUFFER)
                                    .invoke(waiting::decrementAndGet);
                        });
    }

    @Override
    public Uni<Void> reachable() {
        return Uni.createFrom().voidItem();
    }

    private synchronized void join(Consumer consumer) {
        consumers.add(consumer);
        consumer.emitter().onTermination(() -> leave(consumer));
        early.forEach(consumer::offer);
        early.clear();
    }

    private synchronized void leave(Consumer consumer) {
        consumers.remove(consumer);
    }
}
