package dev.signalbox.store.memory;

import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.BulkId;
import dev.signalbox.store.Bulk;
import dev.signalbox.store.BulkStore;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Commands to many runs. Who carries one out is not kept: there is one process.
final class MemoryBulkStore implements BulkStore {

    private record Held(String owner, Instant until) {}

    private final MemoryState state;

    /// Touched under the lock of the state only.
    private final Map<BulkId, Held> held = new HashMap<>();

    MemoryBulkStore(MemoryState state) {
        this.state = state;
    }

    @Override
    public Uni<Void> create(Bulk bulk, AuditRecord audit) {
        return state.atomically(
                        () -> {
                            state.bulks.put(bulk);
                            state.audit.put(audit);
                            return bulk;
                        })
                .replaceWithVoid();
    }

    @Override
    public Uni<Optional<Bulk>> find(String tenant, BulkId id) {
        return state.atomically(() -> own(tenant, id));
    }

    private Optional<Bulk> own(String tenant, BulkId id) {
        return state.bulks.find(id).filter(bulk -> bulk.by().tenant().equals(tenant));
    }

    @Override
    public Uni<Optional<Bulk>> claim(String owner, Duration lease) {
        return state.atomically(
                () -> {
                    Optional<Bulk> found =
                            state.bulks.values().stream()
                                    .filter(Bulk::running)
                                    .filter(bulk -> free(bulk.id()))
                                    .findFirst();
                    found.ifPresent(bulk -> hold(bulk.id(), owner, lease));
                    return found;
                });
    }

    private boolean free(BulkId id) {
        return Optional.ofNullable(held.get(id))
                .map(holder -> !holder.until().isAfter(state.now()))
                .orElse(true);
    }

    private void hold(BulkId id, String owner, Duration lease) {
        held.put(id, new Held(owner, state.now().plus(lease)));
    }

    @Override
    public Uni<Optional<Bulk>> advance(
            BulkId id, String owner, Duration lease, UnaryOperator<Bulk> change) {
        return state.atomically(
                () -> {
                    Held holder = held.get(id);
                    if (holder == null || !holder.owner().equals(owner)) {
                        return Optional.<Bulk>empty();
                    }
                    Optional<Bulk> changed = state.bulks.find(id).map(change);
                    changed.ifPresent(state.bulks::put);
                    hold(id, owner, lease);
                    return changed;
                });
    }

    @Override
    public Uni<Bulk> abort(BulkId id, Instant at, AuditRecord audit) {
        return state.atomically(
                () -> {
                    Bulk aborted = BulkStore.aborted(own(audit.actor().tenant(), id), at);
                    state.bulks.put(aborted);
                    state.audit.put(audit);
                    return aborted;
                });
    }
}
