package dev.signalbox.observe;

import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.ForwardingRunStore;
import dev.signalbox.store.Lease;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.RunStore;
import dev.signalbox.store.StaleLeaseException;
import dev.signalbox.store.Submission;
import io.smallrye.mutiny.Uni;

/// A store that counts what it is asked to make durable.
final class ObservedRunStore extends ForwardingRunStore {

    private final Meters meters;
    private final CommittedEvents events;

    ObservedRunStore(RunStore store, Meters meters) {
        super(store);
        this.meters = meters;
        this.events = new CommittedEvents(meters);
    }

    @Override
    public Uni<Long> append(Lease lease, RunChange change) {
        return Ending.of(super.append(lease, change), ending -> ended(change, ending));
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
        return super.create(run).invoke(this::created);
    }

    private void created(Submission submission) {
        switch (submission) {
            case Submission.Created(RunSummary run) ->
                    meters.count(Metric.RUNS_SUBMITTED, 1, run.identity().definition().name());
            case Submission.Existing _ -> meters.count(Metric.RUNS_REPEATED, 1, "existing");
            case Submission.Pruned _ -> meters.count(Metric.RUNS_REPEATED, 1, "pruned");
            case Submission.Conflict() -> meters.count(Metric.RUNS_REPEATED, 1, "conflict");
        }
    }
}
