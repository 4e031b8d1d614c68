package dev.signalbox.store.memory;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.AuditId;
import dev.signalbox.domain.id.BulkId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.JobId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.retention.LegalHold;
import dev.signalbox.domain.retention.Tombstone;
import dev.signalbox.store.Bulk;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import dev.signalbox.store.Job;
import dev.signalbox.store.JobStore.NewJob;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.NewRun.IdempotencyKey;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import dev.signalbox.wire.JsonCodec;
import dev.signalbox.wire.RecordCodec;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the stores share: the maps, one lock over all of them, the clock, and who is told of
/// wake-ups. Every access to a map happens inside [#atomically(Supplier)].
final class MemoryState {

    /// What an idempotency key made.
    record KeyedRun(TenantKey key, Digest request, RunId run) {}

    /// A tenant's key.
    record TenantKey(String tenant, String key) {
        static TenantKey of(IdempotencyKey key) {
            return new TenantKey(key.tenant(), key.key());
        }

        static TenantKey of(String text) {
            return RecordCodec.decode(TenantKey.class, JsonCodec.parse(text));
        }

        String text() {
            return RecordCodec.encode(this).canonical();
        }
    }

    private static final Table.Schema<ApprovalId, Approval> APPROVALS =
            new Table.Schema<>(
                    "approvals",
                    Approval.class,
                    Approval::id,
                    ApprovalId::toString,
                    ApprovalId::of);
    private static final Table.Schema<AuditId, AuditRecord> AUDIT =
            new Table.Schema<>(
                    "audit", AuditRecord.class, AuditRecord::id, AuditId::toString, AuditId::of);
    private static final Table.Schema<Digest, StoredDefinition> DEFINITIONS =
            new Table.Schema<>(
                    "definitions",
                    StoredDefinition.class,
                    definition -> definition.ref().digest(),
                    Digest::value,
                    Digest::new);
    private static final Table.Schema<TenantKey, KeyedRun> KEYS =
            new Table.Schema<>(
                    "keys", KeyedRun.class, KeyedRun::key, TenantKey::text, TenantKey::of);

    private static final Table.Schema<RunId, Tombstone> TOMBSTONES =
            new Table.Schema<>(
                    "tombstones", Tombstone.class, Tombstone::id, RunId::toString, RunId::of);
    private static final Table.Schema<RunId, LegalHold> HOLDS =
            new Table.Schema<>(
                    "holds", LegalHold.class, LegalHold::root, RunId::toString, RunId::of);
    private static final Table.Schema<BulkId, Bulk> BULKS =
            new Table.Schema<>("bulks", Bulk.class, Bulk::id, BulkId::toString, BulkId::of);

    final NavigableMap<RunId, MemoryRun> runs = new TreeMap<>(Comparator.reverseOrder());
    final NavigableMap<RunId, MemoryRun> open = new TreeMap<>();
    final Table<TenantKey, KeyedRun> keys;
    final Table.Ordered<ApprovalId, Approval> approvals;
    final Table.Ordered<AuditId, AuditRecord> audit;

    /// In the order in which they were applied.
    final Table<Digest, StoredDefinition> definitions;

    final Table.Ordered<RunId, Tombstone> tombstones;
    final Table.Ordered<RunId, LegalHold> holds;
    final MemoryEventOutbox.Tables outbox;
    /// In the order in which they were asked for.
    final Table<BulkId, Bulk> bulks;

    final Map<JobId, MemoryJob> jobs = new LinkedHashMap<>();

    private final Map<String, Table<?, ?>> tables;
    private final ChangeLog log;
    private final Changes changes;
    private final ReentrantLock lock = new ReentrantLock();
    private final BroadcastProcessor<RunId> wakeUps = BroadcastProcessor.create();
    private final SerializedProcessor<RunId, RunId> waker = wakeUps.serialized();
    private final InstantSource clock;

    MemoryState(InstantSource clock, ChangeLog log) {
        this.clock = clock;
        this.log = log;
        changes = new Changes(log.keeps());
        keys = new Table<>(KEYS, new HashMap<>(), changes);
        approvals =
                new Table.Ordered<>(
                        APPROVALS,
                        new TreeMap<>(Comparator.comparing(id -> new RunId(id.value()))),
                        changes);
        audit =
                new Table.Ordered<>(
                        AUDIT,
                        new TreeMap<>(
                                Comparator.comparing((AuditId id) -> new RunId(id.value()))
                                        .reversed()),
                        changes);
        definitions = new Table<>(DEFINITIONS, new LinkedHashMap<>(), changes);
        tombstones =
                new Table.Ordered<>(
                        TOMBSTONES, new TreeMap<>(Comparator.reverseOrder()), changes);
        holds = new Table.Ordered<>(HOLDS, new TreeMap<>(Comparator.reverseOrder()), changes);
        outbox = new MemoryEventOutbox.Tables(changes);
        bulks = new Table<>(BULKS, new TreeMap<>(), changes);
        tables =
                Stream.of(
                                keys,
                                approvals,
                                audit,
                                definitions,
                                tombstones,
                                holds,
                                outbox.sinks,
                                outbox.notes,
                                outbox.dead,
                                bulks)
                        .collect(Collectors.toUnmodifiableMap(Table::name, table -> table));
    }

    /// Runs `work` under the lock, when subscribed to; answers when everything that it has seen or
    /// done is kept.
    <T> Uni<T> atomically(Supplier<T> work) {
        return Uni.createFrom()
                .deferred(
                        () -> {
                            Kept<T> kept = locked(() -> kept(work));
                            return log.durable(kept.position(), kept.result());
                        });
    }

    private record Kept<T>(long position, T result) {}

    private <T> Kept<T> kept(Supplier<T> work) {
        T result;
        try {
            result = work.get();
        } catch (RuntimeException failure) {
            log.append(changes.take());
            throw failure;
        }
        return new Kept<>(log.append(changes.take()), result);
    }

    /// A new run, which nobody has had before.
    MemoryRun begin(NewRun run) {
        RunId id = run.summary().identity().id();
        if (runs.containsKey(id)) {
            throw new IllegalStateException("there is a run " + id + " already");
        }
        MemoryRun row = MemoryRun.begin(run, now(), changes);
        runs.put(id, row);
        open.put(id, row);
        outbox.note(row.journal(), now());
        return row;
    }

    /// Removes runs and everything that belongs to them; their tombstones take their place.
    void bury(List<Tombstone> stones) {
        if (stones.isEmpty()) {
            return;
        }
        Set<RunId> gone = stones.stream().map(Tombstone::id).collect(Collectors.toSet());
        approvals.values().stream()
                .filter(approval -> gone.contains(approval.runId()))
                .map(Approval::id)
                .toList()
                .forEach(approvals::remove);
        for (Tombstone stone : stones) {
            tombstones.put(stone);
            runs.remove(stone.id());
            MemoryRun.noteGone(stone.id(), changes);
        }
    }

    /// A new job.
    void begin(NewJob job, Job.Origin origin) {
        jobs.put(job.id(), MemoryJob.begin(job, origin, changes));
    }

    /// Puts back what a change says.
    void restore(Change change) {
        Table<?, ?> table = tables.get(change.table());
        if (table != null) {
            table.restore(change);
            return;
        }
        if (MemoryJob.isOne(change)) {
            MemoryJob.restore(jobs, change, changes);
            return;
        }
        RunId id = MemoryRun.runOf(change);
        if (MemoryRun.isGone(change) || tombstones.find(id).isPresent()) {
            runs.remove(id);
            open.remove(id);
            return;
        }
        MemoryRun run = runs.computeIfAbsent(id, _ -> MemoryRun.blank(changes));
        run.restore(change);
        if (run.summary().status().terminal()) {
            open.remove(id);
        } else {
            open.put(id, run);
        }
    }

    /// Everything there is, as the changes that make it; what changes meanwhile may be in it or not.
    ///
    /// Tombstones come after the runs: of a run that goes meanwhile, there is one or the other, and so
    /// older changes of it that are put back on top of this meet a run or a stone.
    void everything(Consumer<List<Change>> sink) {
        for (MemoryRun run : locked(() -> List.copyOf(runs.values()))) {
            sink.accept(locked(run::copy).get());
        }
        for (MemoryJob job : locked(() -> List.copyOf(jobs.values()))) {
            sink.accept(locked(job::copy).get());
        }
        for (Table<?, ?> table : tables.values()) {
            locked(table::copy).forEach(change -> sink.accept(List.of(change.get())));
        }
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
