package dev.signalbox.runtime;

import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// The event loops that runs are driven on, one for each processor. A session stays on the loop that
/// it begins on, on a context of its own.
@ApplicationScoped
class Lanes {

    private final List<Context> loops;
    private final AtomicInteger next = new AtomicInteger();

    Lanes(Vertx vertx) {
        loops =
                IntStream.range(0, Runtime.getRuntime().availableProcessors())
                        .<Context>mapToObj(_ -> ((VertxInternal) vertx).createEventLoopContext())
                        .toList();
    }

    /// Begins `work` on the next loop.
    <T> Uni<T> run(Supplier<Uni<T>> work) {
        return Uni.createFrom()
                .deferred(work::get)
                .runSubscriptionOn(begin -> lane().runOnContext(_ -> begin.run()));
    }

    private Context lane() {
        Context loop = loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
        Context lane = Objects.requireNonNull(VertxContext.createNewDuplicatedContext(loop));
        VertxContextSafetyToggle.setContextSafe(lane, true);
        return lane;
    }
}
