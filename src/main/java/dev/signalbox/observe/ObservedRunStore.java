package dev.signalbox.observe;

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
import dev.signalbox.store.StaleLeaseException;
import dev.signalbox.store.Submission;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A store that counts what it is asked to make durable.
final class ObservedRunStore implements RunStore {

    private final RunStore store;
    private final Meters meters;
    private final CommittedEvents events;

    ObservedRunStore(RunStore store, Meters meters) {
        this.store = store;
        this.meters = meters;
        this.events = new CommittedEvents(meters);
    }

    @Override
    public Uni<Long> append(Lease lease, RunChange change) {
        return Ending.of(store.append(lease, change), ending -> ended(change, ending));
    }

    private void ended(RunChange change, Ending<Long> ending) {
        meters.time(Metric.COMMITS, ending.took(), ending.outcome("committed"));
        if (ending.failure() instanceof StaleLeaseException) {
            meters.count(Metric.LEASES_LOST, 1, "stale_append");
        } else if (ending.failure() == null && !ending.cancelled()) {
            events.count(change);
        }
    }

    @Override
    public Uni<Submission> create(NewRun run) {
        return store.create(run).invoke(this::created);
    }

    private void created(Submission submission) {
        switch (submission) {
            case Submission.Created(RunSummary run) ->
                    meters.count(Metric.RUNS_SUBMITTED, 1, run.identity().definition().name());
            case Submission.Existing _ -> meters.count(Metric.RUNS_REPEATED, 1, "existing");
            case Submission.Conflict() -> meters.count(Metric.RUNS_REPEATED, 1, "conflict");
        }
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
