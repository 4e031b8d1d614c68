package dev.signalbox.store.postgres;

import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import dev.signalbox.store.Caller;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.util.Objects;
import java.util.function.Supplier;

/// Runs work where Hibernate Reactive can: on a Vert.x context of its own, of which it may keep a
/// session.
///
/// Guarantee: the context is fresh, so no two calls ever share a session, whoever makes them; the
/// outcome comes back on the caller's context if the caller has one, else on the event loop.
final class OnContext {

    private final Vertx vertx;

    OnContext(Vertx vertx) {
        this.vertx = vertx;
    }

    <T> Uni<T> run(Supplier<Uni<T>> work) {
        return Caller.answered(Uni.createFrom().deferred(() -> hop(work, fresh())));
    }

    private static <T> Uni<T> hop(Supplier<Uni<T>> work, Context fresh) {
        return Uni.createFrom()
                .deferred(work::get)
                .runSubscriptionOn(command -> fresh.runOnContext(_ -> command.run()));
    }

    private Context fresh() {
        Context fresh = Objects.requireNonNull(VertxContext.createNewDuplicatedContext(root()));
        VertxContextSafetyToggle.setContextSafe(fresh, true);
        return fresh;
    }

    private Context root() {
        Context caller = Vertx.currentContext();
        if (caller != null && caller.isEventLoopContext()) {
            return caller;
        }
        return ((VertxInternal) vertx).createEventLoopContext();
    }
}
