package dev.signalbox.store;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Typed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/// The store's clock, as near as this process knows it: deadlines, due times and expiries are set
/// and decided by it, so that processes whose own clocks differ decide alike.
@ApplicationScoped
@Typed(StoreClock.class)
public class StoreClock implements InstantSource {

    /// Before requests come and runs are taken.
    private static final int FIRST = 1;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final RunLeases leases;
    private final InstantSource local;
    private volatile Duration ahead = Duration.ZERO;

    public StoreClock(RunLeases leases, InstantSource local) {
        this.leases = leases;
        this.local = local;
    }

    void start(@Observes @Priority(FIRST) StartupEvent event) throws Exception {
        compare()
                .ifNoItem()
                .after(PATIENCE)
                .fail()
                .onFailure()
                .recoverWithNull()
                .subscribeAsCompletionStage()
                .get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public Instant instant() {
        return local.instant().plus(ahead).truncatedTo(ChronoUnit.MICROS);
    }

    /// Compares the clocks anew.
    @Scheduled(every = "30s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    public Uni<Void> compare() {
        return Uni.createFrom()
                .item(local::instant)
                .chain(
                        before ->
                                leases.now()
                                        .invoke(now -> set(middle(before, local.instant()), now)))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    private void set(Instant here, Instant there) {
        ahead = Duration.between(here, there);
    }

    private static Instant middle(Instant from, Instant to) {
        return from.plus(Duration.between(from, to).dividedBy(2));
    }
}
