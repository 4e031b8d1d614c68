package dev.signalbox.store.memory;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.store.Claim;
import dev.signalbox.store.Lease;
import dev.signalbox.store.RunLeases;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Leases, by the state's clock.
final class MemoryRunLeases implements RunLeases {

    private static final Comparator<MemoryRun> MOST_URGENT_FIRST =
            Comparator.<MemoryRun>comparingInt(run -> run.summary().identity().priority())
                    .reversed()
                    .thenComparing(MemoryRun::dueSince)
                    .thenComparing(run -> run.summary().identity().id());

    private final MemoryState state;

    MemoryRunLeases(MemoryState state) {
        this.state = state;
    }

    @Override
    public Uni<Optional<Claim>> claim(RunId id, String worker, Duration lease) {
        return state.atomically(
                () -> {
                    Instant now = state.now();
                    return state.run(id)
                            .filter(run -> run.claimable(now))
                            .map(
                                    run ->
                                            new Claim(
                                                    run.claim(worker, now.plus(lease)),
                                                    run.summary(),
                                                    run.wakeVersion(),
                                                    Optional.empty()));
                });
    }

    @Override
    public Uni<Set<RunId>> renew(Collection<Lease> leases, Duration lease) {
        return state.atomically(
                () ->
                        leases.stream()
                                .filter(held -> renewed(held, lease))
                                .map(Lease::runId)
                                .collect(Collectors.toUnmodifiableSet()));
    }

    private boolean renewed(Lease held, Duration lease) {
        Optional<MemoryRun> run = state.run(held.runId()).filter(row -> row.heldBy(held));
        run.ifPresent(row -> row.renew(held, state.now().plus(lease)));
        return run.isPresent();
    }

    @Override
    public Uni<Void> release(Lease lease) {
        return state.atomically(
                        () -> {
                            Optional<MemoryRun> held =
                                    state.run(lease.runId()).filter(run -> run.heldBy(lease));
                            held.ifPresent(run -> run.release(state.now()));
                            return held;
                        })
                .replaceWithVoid();
    }

    @Override
    public Uni<List<RunId>> dispatch(int limit, Duration resend) {
        return state.atomically(
                () -> {
                    Instant now = state.now();
                    List<MemoryRun> due =
                            inTurn(
                                            state.open.values().stream()
                                                    .filter(run -> run.dispatchable(now, resend))
                                                    .sorted(MOST_URGENT_FIRST))
                                    .limit(limit)
                                    .toList();
                    due.forEach(run -> run.dispatched(now));
                    return due.stream().map(run -> run.summary().identity().id()).toList();
                });
    }

    private record Lane(int priority, String tenant, String definition) {

        static Lane of(MemoryRun run) {
            RunIdentity identity = run.summary().identity();
            return new Lane(
                    identity.priority(), identity.tenant(), identity.definition().name());
        }
    }

    private record Placed(MemoryRun run, int priority, int place) {}

    /// The first of each tenant and definition, then the second of each, and so on, for each priority.
    private static Stream<MemoryRun> inTurn(Stream<MemoryRun> due) {
        Map<Lane, Integer> places = new HashMap<>();
        return due.map(
                        run -> {
                            Lane lane = Lane.of(run);
                            int place = places.merge(lane, 1, Integer::sum);
                            return new Placed(run, lane.priority(), place);
                        })
                .sorted(
                        Comparator.comparingInt(Placed::priority)
                                .reversed()
                                .thenComparingInt(Placed::place))
                .map(Placed::run);
    }

    @Override
    public Uni<Instant> now() {
        return state.atomically(state::now);
    }
}
