package dev.signalbox.runtime.sink;

import dev.signalbox.observe.RunMetrics;
import dev.signalbox.store.EventOutbox;
import dev.signalbox.store.RunStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/// What every [SinkLoop] needs, for injection.
@ApplicationScoped
class SinkParts {

    @Produces
    @Singleton
    SinkLoop.Parts parts(
            EventOutbox outbox,
            RunStore runs,
            EventContents contents,
            ProposedCalls calls,
            RunMetrics metrics,
            InstantSource clock) {
        return new SinkLoop.Parts(outbox, runs, contents, calls, metrics, clock);
    }
}
