package dev.signalbox.store.memory;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Status;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.Attention;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.Lease;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.NewRun.IdempotencyKey;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.RunFilter;
import dev.signalbox.store.RunStore;
import dev.signalbox.store.StaleLeaseException;
import dev.signalbox.store.Submission;
import dev.signalbox.store.memory.MemoryState.KeyedRun;
import dev.signalbox.store.memory.MemoryState.TenantKey;
import dev.signalbox.store.memory.MemoryState.Woken;
import io.smallrye.mutiny.Uni;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Runs and journals.
final class MemoryRunStore implements RunStore {

    private static final Comparator<RunSummary> BY_ATTENTION =
            Comparator.<RunSummary>comparingInt(Attention::band)
                    .thenComparing(run -> run.identity().id(), Comparator.reverseOrder());

    private final MemoryState state;

    MemoryRunStore(MemoryState state) {
        this.state = state;
    }

    @Override
    public Uni<Submission> create(NewRun run) {
        return state.atomically(
                () -> run.key().flatMap(this::usedBefore).orElseGet(() -> insert(run)));
    }

    private Optional<Submission> usedBefore(IdempotencyKey key) {
        return state.keys
                .find(TenantKey.of(key))
                .map(
                        used ->
                                used.request().equals(key.request())
                                        ? state.run(used.run())
                                                .<Submission>map(this::existing)
                                                .or(() -> pruned(used.run()))
                                                .orElseGet(Submission.Conflict::new)
                                        : new Submission.Conflict());
    }

    private Submission existing(MemoryRun run) {
        return new Submission.Existing(run.summary());
    }

    private Optional<Submission> pruned(RunId run) {
        return state.tombstones.find(run).map(Submission.Pruned::new);
    }

    Submission insert(NewRun run) {
        RunId id = state.begin(run).summary().identity().id();
        run.key()
                .map(key -> new KeyedRun(TenantKey.of(key), key.request(), id))
                .ifPresent(state.keys::put);
        return new Submission.Created(run.summary());
    }

    @Override
    public Uni<Optional<RunSummary>> find(RunId id) {
        return state.atomically(() -> state.run(id).map(MemoryRun::summary));
    }

    @Override
    public Uni<Page<RunSummary>> list(RunFilter filter, PageRequest page) {
        return state.atomically(
                () -> filter.attention() ? byAttention(filter, page) : newest(filter, page));
    }

    private Page<RunSummary> newest(RunFilter filter, PageRequest page) {
        return MemoryState.page(
                MemoryState.after(state.runs, page, RunId::new).values().stream()
                        .map(MemoryRun::summary)
                        .filter(run -> matches(filter, run)),
                page,
                run -> new Cursor(0, run.identity().id().value()));
    }

    private Page<RunSummary> byAttention(RunFilter filter, PageRequest page) {
        return MemoryState.page(
                state.runs.values().stream()
                        .map(MemoryRun::summary)
                        .filter(run -> matches(filter, run))
                        .filter(run -> page.after().map(cursor -> behind(cursor, run)).orElse(true))
                        .sorted(BY_ATTENTION),
                page,
                run -> new Cursor(Attention.band(run), run.identity().id().value()));
    }

    private static boolean behind(Cursor cursor, RunSummary run) {
        int band = Attention.band(run);
        return band > cursor.band()
                || (band == cursor.band()
                        && run.identity().id().compareTo(new RunId(cursor.last())) < 0);
    }

    private static boolean matches(RunFilter filter, RunSummary run) {
        RunIdentity identity = run.identity();
        return identity.tenant().equals(filter.tenant())
                && (filter.statuses().isEmpty() || filter.statuses().contains(run.status()))
                && filter.definition().map(identity.definition().name()::equals).orElse(true)
                && identity.labels().entrySet().containsAll(filter.labels().entrySet())
                && filter.since().map(since -> !identity.createdAt().isBefore(since)).orElse(true)
                && filter.until().map(identity.createdAt()::isBefore).orElse(true)
                && filter.root().map(identity.lineage().root()::equals).orElse(true)
                && filter.mentionedIn(run);
    }

    @Override
    public Uni<Map<RunStatus, Long>> counts(String tenant) {
        return state.atomically(
                () ->
                        state.runs.values().stream()
                                .map(MemoryRun::summary)
                                .filter(run -> run.identity().tenant().equals(tenant))
                                .collect(
                                        Collectors.groupingBy(
                                                RunSummary::status, Collectors.counting())));
    }

    @Override
    public Uni<List<JournalEntry>> journal(RunId id, long afterSeq, int limit) {
        return state.atomically(
                () ->
                        state.run(id).map(MemoryRun::journal).orElse(List.of()).stream()
                                .skip(Math.max(afterSeq, 0))
                                .limit(limit)
                                .toList());
    }

    @Override
    public Uni<Map<RunId, Map<Digest, Json>>> payloads(Map<RunId, Set<Digest>> digests) {
        return state.atomically(
                () ->
                        digests.entrySet().stream()
                                .collect(
                                        Collectors.toUnmodifiableMap(
                                                Map.Entry::getKey,
                                                wanted ->
                                                        kept(wanted.getKey(), wanted.getValue()))));
    }

    @Override
    public Uni<Map<Digest, Json>> payloads(RunId id, Set<Digest> digests) {
        return state.atomically(() -> kept(id, digests));
    }

    private Map<Digest, Json> kept(RunId id, Set<Digest> digests) {
        return state.run(id).map(MemoryRun::payloads).orElse(Map.of()).entrySet().stream()
                .filter(payload -> digests.contains(payload.getKey()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public Uni<Long> append(Lease lease, RunChange change) {
        return state.waking(() -> new Woken<>(commit(lease, change), posted(change)));
    }

    private long commit(Lease lease, RunChange change) {
        MemoryRun run =
                state.run(lease.runId())
                        .filter(held -> held.heldBy(lease) && followsHead(held, change))
                        .filter(_ -> change.expiring().stream().allMatch(this::isPending))
                        .orElseThrow(() -> new StaleLeaseException(lease));
        run.append(change.entries(), change.after(), change.payloads());
        state.outbox.note(change.entries(), state.now());
        change.opened().forEach(state.approvals::put);
        change.closed().forEach(this::close);
        run.answered(change.applied());
        change.children().forEach(this::insert);
        run.next(change.next(), state.now());
        if (change.after().status().terminal()) {
            state.open.remove(lease.runId());
        }
        return run.wakeVersion();
    }

    private List<RunId> posted(RunChange change) {
        return change.posts().stream()
                .flatMap(
                        post ->
                                state
                                        .run(post.runId())
                                        .filter(run -> run.post(post, state.now()))
                                        .stream())
                .map(run -> run.summary().identity().id())
                .toList();
    }

    private boolean isPending(ApprovalId id) {
        return pending(id).isPresent();
    }

    private Optional<Approval> pending(ApprovalId id) {
        return state.approvals.find(id).filter(found -> found.status() == Status.PENDING);
    }

    private void close(ApprovalId id, Status status) {
        pending(id)
                .map(approval -> approval.with(status, approval.decisions()))
                .ifPresent(state.approvals::put);
    }

    private static boolean followsHead(MemoryRun run, RunChange change) {
        return change.expectedSeq() == run.summary().headSeq()
                && change.expectedHash().equals(run.summary().headHash());
    }
}
