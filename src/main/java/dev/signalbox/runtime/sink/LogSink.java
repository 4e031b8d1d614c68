package dev.signalbox.runtime.sink;

import io.smallrye.mutiny.Uni;
import org.jboss.logging.Logger;

/// The application's log: one line of JSON an event, under the category `signalbox.events.NAME`.
final class LogSink implements EventSink {

    private final Logger log;

    LogSink(String name) {
        log = Logger.getLogger("signalbox.events." + name);
    }

    @Override
    public Uni<Void> send(OutgoingEvent event) {
        return Uni.createFrom().voidItem().invoke(() -> log.info(event.json()));
    }
}
