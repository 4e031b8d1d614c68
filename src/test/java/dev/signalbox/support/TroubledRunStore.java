package dev.signalbox.support;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.Lease;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.RunFilter;
import dev.signalbox.store.RunStore;
import dev.signalbox.store.Submission;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A store at the end of a bad line: a test says what becomes of each append.
public final class TroubledRunStore implements RunStore {

    /// What happens on the way there and back.
    public interface Line {
        Uni<Long> carry(RunChange change, Uni<Long> append);
    }

    private final RunStore store;
    private Line line = (_, append) -> append;

    public TroubledRunStore(RunStore store) {
        this.store = store;
    }

    public void line(Line next) {
        line = next;
    }

    @Override
    public Uni<Long> append(Lease lease, RunChange change) {
        return Uni.createFrom().deferred(() -> line.carry(change, store.append(lease, change)));
    }

    @Override
    public Uni<Submission> create(NewRun run) {
        return store.create(run);
    }

    @Override
    public Uni<Optional<RunSummary>> find(RunId id) {
        return store.find(id);
    }

    @Override
    public Uni<Page<RunSummary>> list(RunFilter filter, PageRequest page) {
        return store.list(filter, page);
    }

    @Override
    public Uni<Map<RunStatus, Long>> counts(String tenant) {
        return store.counts(tenant);
    }

    @Override
    public Uni<List<JournalEntry>> journal(RunId id, long afterSeq, int limit) {
        return store.journal(id, afterSeq, limit);
    }

    @Override
    public Uni<Map<Digest, Json>> payloads(RunId id, Set<Digest> digests) {
        return store.payloads(id, digests);
    }

    @Override
    public Uni<Map<RunId, Map<Digest, Json>>> payloads(Map<RunId, Set<Digest>> digests) {
        return store.payloads(digests);
    }
}
