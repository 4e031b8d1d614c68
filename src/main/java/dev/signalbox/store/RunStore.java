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

/// Runs and their journals.
///
/// Guarantee: what a call reports as done is durable. A journal only grows, at its end, by the one
/// worker that holds the run's lease; summary, approvals and wake-up change in the same commit, and
/// so do the child runs that it creates and what it tells other runs.
/// Consequence: after any crash, what the store holds is the truth and nothing else is.
public interface RunStore {

    /// Creates a run, due at once. The same idempotency key and request again create nothing.
    Uni<Submission> create(NewRun run);

    Uni<Optional<RunSummary>> find(RunId id);

    /// Runs that match, newest first.
    Uni<Page<RunSummary>> list(RunFilter filter, PageRequest page);

    /// How many runs of the tenant there are of each status; a status without runs may be missing.
    Uni<Map<RunStatus, Long>> counts(String tenant);

    /// Entries after `afterSeq`, in order, at most `limit`.
    Uni<List<JournalEntry>> journal(RunId id, long afterSeq, int limit);

    /// Those of the payloads that exist and have not been erased.
    Uni<Map<Digest, Json>> payloads(RunId id, Set<Digest> digests);

    /// The same for several runs at once, for showing a page of them.
    Uni<Map<RunId, Map<Digest, Json>>> payloads(Map<RunId, Set<Digest>> digests);

    /// Appends to the journal of the run that `lease` is for, and answers the run's wake version as
    /// of this commit: while it is that of the inbox that was read last, nobody has asked for
    /// anything since.
    ///
    /// Fails with [StaleLeaseException], and changes nothing, if another worker has claimed the run
    /// since, or if the journal's head is not where the change begins.
    Uni<Long> append(Lease lease, RunChange change);
}
