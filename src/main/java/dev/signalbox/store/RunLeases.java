package dev.signalbox.store;

import dev.signalbox.domain.id.RunId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who works on which run, and which runs want a worker.
///
/// The run's row is the outbox of its wake-ups: *due* says that it wants a worker, *dispatched* that a
/// message was sent, the lease that somebody came. All times are the store's own clock's.
/// Guarantee: a run has at most one current epoch, and each claim makes a new one.
public interface RunLeases {

    /// Takes the run for `worker` if it is due, not settled, and nobody else's lease is alive.
    Uni<Optional<Claim>> claim(RunId id, String worker, Duration lease);

    /// Prolongs leases; answers which of them are still held.
    Uni<Set<RunId>> renew(Collection<Lease> leases, Duration lease);

    /// Gives a run back, due at once: for shutting down in good order.
    Uni<Void> release(Lease lease);

    /// Runs that are due, that nobody holds, and for which no message was sent in the last `resend`;
    /// marks them as dispatched. Most urgent first; among equals tenants and definitions take turns,
    /// and those of one go oldest first.
    Uni<List<RunId>> dispatch(int limit, Duration resend);

    /// The store's clock.
    Uni<Instant> now();
}
