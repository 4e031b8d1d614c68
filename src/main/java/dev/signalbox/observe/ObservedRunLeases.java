package dev.signalbox.observe;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.store.Claim;
import dev.signalbox.store.Lease;
import dev.signalbox.store.RunLeases;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Leases that are counted.
final class ObservedRunLeases implements RunLeases {

    private final RunLeases leases;
    private final Meters meters;

    ObservedRunLeases(RunLeases leases, Meters meters) {
        this.leases = leases;
        this.meters = meters;
    }

    @Override
    public Uni<Optional<Claim>> claim(RunId id, String worker, Duration lease) {
        return Ending.of(
                leases.claim(id, worker, lease),
                ending ->
                        meters.time(
                                Metric.CLAIMS,
                                ending.took(),
                                ending.outcome(claim -> claim.isPresent() ? "claimed" : "vain")));
    }

    @Override
    public Uni<Set<RunId>> renew(Collection<Lease> held, Duration lease) {
        return leases.renew(held, lease).invoke(kept -> lost(held.size() - kept.size()));
    }

    private void lost(int runs) {
        if (runs > 0) {
            meters.count(Metric.LEASES_LOST, runs, "expired");
        }
    }

    @Override
    public Uni<Void> release(Lease lease) {
        return leases.release(lease);
    }

    @Override
    public Uni<List<RunId>> dispatch(int limit, Duration resend) {
        return leases.dispatch(limit, resend)
                .invoke(due -> meters.count(Metric.WAKEUPS_SWEPT, due.size()));
    }

    @Override
    public Uni<Instant> now() {
        return leases.now();
    }
}
