package dev.signalbox.runtime.sink;

import io.smallrye.mutiny.Uni;

/// Where events go.
interface EventSink extends AutoCloseable {

    /// Hands an event over. Completes when it is kept there; fails with [Refused] if it never will be,
    /// with anything else if it may be later.
    Uni<Void> send(OutgoingEvent event);

    @Override
    default void close() {}

    /// The sink does not want that event, however often it comes.
    final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1;

        /// @param reason without values
        Refused(String reason) {
            super(reason, null, false, false);
        }
    }

    /// The sink may want the event the next time.
    final class NotNow extends RuntimeException {

        private static final long serialVersionUID = 1;

        /// @param reason without values
        NotNow(String reason) {
            super(reason, null, false, false);
        }
    }
}
