package dev.signalbox.store.memory;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.AuditId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.JobId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import dev.signalbox.store.NewRun.IdempotencyKey;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import io.smallrye.mutiny.operators.multi.processors.SerializedProcessor;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What the stores share: the maps, one lock over all of them, the clock, and who is told of
/// wake-ups. Every access to a map happens inside [#atomically(Supplier)].
final class MemoryState {

    /// What an idempotency key made.
    record KeyedRun(Digest request, RunId run) {}

    /// A tenant's key.
    record TenantKey(String tenant, String key) {
        static TenantKey of(IdempotencyKey key) {
            return new TenantKey(key.tenant(), key.key());
        }
    }

    final NavigableMap<RunId, MemoryRun> runs = new TreeMap<>(Comparator.reverseOrder());
    final NavigableMap<RunId, MemoryRun> open = new TreeMap<>();
    final Map<TenantKey, KeyedRun> keys = new HashMap<>();
    final NavigableMap<ApprovalId, Approval> approvals =
            new TreeMap<>(Comparator.comparing(id -> new RunId(id.value())));
    final NavigableMap<AuditId, AuditRecord> audit =
            new TreeMap<>(Comparator.comparing((AuditId id) -> new RunId(id.value())).reversed());
    final Map<Digest, StoredDefinition> definitions = new LinkedHashMap<>();

    final Map<JobId, MemoryJob> jobs = new LinkedHashMap<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final BroadcastProcessor<RunId> wakeUps = BroadcastProcessor.create();
    private final SerializedProcessor<RunId, RunId> waker = wakeUps.serialized();
    private final InstantSource clock;

    MemoryState(InstantSource clock) {
        this.clock = clock;
    }

    /// Runs `work` under the lock, when subscribed to.
    <T> Uni<T> atomically(Supplier<T> work) {
        return Uni.createFrom().item(() -> locked(work));
    }

    /// Runs `work` under the lock, then tells the listeners of the runs that it says it woke.
    <T> Uni<T> waking(Supplier<Woken<T>> work) {
        return atomically(work)
                .invoke(woken -> woken.runs().forEach(waker::onNext))
                .map(Woken::result);
    }

    /// A result, and the runs that were woken on the way.
    record Woken<T>(T result, List<RunId> runs) {}

    Multi<RunId> wakeUps() {
        return wakeUps.onOverflow().dropPreviousItems();
    }

    Instant now() {
        return clock.instant();
    }

    Optional<MemoryRun> run(RunId id) {
        return Optional.ofNullable(runs.get(id));
    }

    /// One page of `matching`, which begins behind the request's cursor already.
    static <T> Page<T> page(Stream<T> matching, PageRequest request, Function<T, Cursor> cursor) {
        List<T> found = matching.limit(request.limit() + 1L).toList();
        if (found.size() <= request.limit()) {
            return new Page<>(found, Optional.empty());
        }
        List<T> items = found.subList(0, request.limit());
        return new Page<>(items, Optional.of(cursor.apply(items.getLast())));
    }

    /// Entries of `ordered` behind the cursor.
    static <K, V> NavigableMap<K, V> after(
            NavigableMap<K, V> ordered, PageRequest page, Function<UUID, K> id) {
        return page.after()
                .map(cursor -> ordered.tailMap(id.apply(cursor.last()), false))
                .orElse(ordered);
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
