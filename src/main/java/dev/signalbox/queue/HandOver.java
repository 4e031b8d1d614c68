package dev.signalbox.queue;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.queue.RunQueue.Delivery;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/// Hints from hand to hand, within a process that works on runs and has room for more. Any other
/// goes to the queue, where whoever has room finds it.
@ApplicationScoped
public class HandOver {

    private record Taker(MultiEmitter<? super Delivery> emitter, IntSupplier room) {}

    private final AtomicInteger onTheWay = new AtomicInteger();
    private volatile Optional<Taker> taker = Optional.empty();

    /// Hints that this process takes itself.
    ///
    /// @param room for how many more runs there is
    public Multi<Delivery> deliveries(IntSupplier room) {
        return Multi.createFrom()
                .<Delivery>emitter(
                        emitter -> {
                            onTheWay.set(0);
                            taker = Optional.of(new Taker(emitter, room));
                        },
                        BackPressureStrategy.BUFFER)
                .onTermination()
                .invoke(() -> taker = Optional.empty())
                .invoke(onTheWay::decrementAndGet);
    }

    /// For how many more hints there is room.
    int room() {
        return taker.map(one -> one.room().getAsInt() - onTheWay.get()).orElse(0);
    }

    /// Whether this process takes the hint.
    boolean take(RunId id, Optional<TraceParent> trace) {
        Optional<Taker> taking = taker;
        if (taking.isEmpty()) {
            return false;
        }
        if (onTheWay.incrementAndGet() > taking.get().room().getAsInt()) {
            onTheWay.decrementAndGet();
            return false;
        }
        taking.get().emitter().emit(new Delivery(id, trace, Uni.createFrom()::voidItem));
        return true;
    }
}
