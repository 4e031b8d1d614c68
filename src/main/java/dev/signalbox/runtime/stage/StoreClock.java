package dev.signalbox.runtime.stage;

import dev.signalbox.store.RunLeases;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/// The store's clock, as near as this process knows it: due times and expiries are decided by it,
/// so
/// that workers whose own clocks differ decide alike.
@ApplicationScoped
@Typed(StoreClock.class)
public class StoreClock implements InstantSource {

    private final RunLeases leases;
    private final InstantSource local;
    private volatile Duration ahead = Duration.ZERO;

    public StoreClock(RunLeases leases, InstantSource local) {
        this.leases = leases;
        this.local = local;
    }

    @Override
    public Instant instant() {
        return local.instant().plus(ahead).truncatedTo(ChronoUnit.MICROS);
    }

    /// Compares the clocks anew.
    @Scheduled(every = "30s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    public Uni<Void> compare() {
        Instant before = local.instant();
        return leases.now()
                .invoke(now -> ahead = Duration.between(middle(before, local.instant()), now))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    private static Instant middle(Instant from, Instant to) {
        return from.plus(Duration.between(from, to).dividedBy(2));
    }
}
