package dev.signalbox.app;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.signalbox.domain.id.IdSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;

/// The ports to what is different every time: the clock and new identities.
@ApplicationScoped
class Clocks {

    @Produces
    @ApplicationScoped
    InstantSource clock() {
        // PostgreSQL keeps microseconds: nothing here is finer.
        return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1000));
    }

    @Produces
    @ApplicationScoped
    IdSource ids() {
        return UuidCreator::getTimeOrderedEpochPlus1;
    }
}
