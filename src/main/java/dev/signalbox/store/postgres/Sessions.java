package dev.signalbox.store.postgres;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/// Sessions for reading with Panache, a fresh one each time. What the work answers must be free of
/// entities: the session is closed by then.
final class Sessions {

    private final OnContext contexts;

    Sessions(OnContext contexts) {
        this.contexts = contexts;
    }

    <T> Uni<T> read(Supplier<Uni<T>> work) {
        return contexts.run(() -> Panache.withSession(work))
                .onFailure()
                .transform(Failures::asProblem);
    }
}
