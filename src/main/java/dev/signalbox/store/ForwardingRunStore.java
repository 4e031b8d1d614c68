package dev.signalbox.store;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A store in front of another. It asks that one everything; whoever extends it adds to some of it.
public abstract class ForwardingRunStore implements RunStore {

    private final RunStore store;

    protected ForwardingRunStore(RunStore store) {
        this.store = store;
    }

    @Override
    public Uni<Submission> create(NewRun run) {
        return store.create(run);
    }

    @Override
    public Uni<Long> append(Lease lease, RunChange change) {
        return store.append(lease, change);
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
