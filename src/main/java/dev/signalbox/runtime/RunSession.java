package dev.signalbox.runtime;

import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.Progress;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.runtime.stage.Draft;
import dev.signalbox.runtime.stage.MissingPayloadException;
import dev.signalbox.runtime.stage.Work;
import dev.signalbox.store.Claim;
import dev.signalbox.store.Claim.History;
import dev.signalbox.store.Lease;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.RunInbox.Inbox;
import dev.signalbox.wire.EventCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// One run while this process holds it: the folded state, and what is recorded but not committed.
///
/// Guarantee: what is recorded is folded at once, so an event that the state does not allow is
/// refused before it can be committed. Used by one thread at a time.
final class RunSession implements Work {

    private final Lease lease;
    private final Optional<PinnedDefinition> definition;
    private final Map<Digest, Json> payloads;
    private final Optional<String> spanBeforeRest;
    private RunState state;
    private JournalEntry head;

    private final List<JournalEntry> entries = new ArrayList<>();
    private final Map<Digest, Json> fresh = new LinkedHashMap<>();
    private final List<Approval> opened = new ArrayList<>();
    private final Map<ApprovalId, Approval.Status> closed = new LinkedHashMap<>();
    private final Set<CommandId> applied = new LinkedHashSet<>();

    private long wakeVersion;
    private long heardVersion;

    RunSession(Claim claim, Optional<PinnedDefinition> definition, History journal) {
        this.lease = claim.lease();
        this.wakeVersion = claim.wakeVersion();
        this.definition = definition;
        this.payloads = new HashMap<>(journal.payloads());
        List<Placed> history = journal.entries().stream().map(EventCodec::placed).toList();
        this.head = journal.entries().getLast();
        this.state = RunFold.fold(history);
        this.spanBeforeRest = history.reversed().stream().flatMap(RunSession::spanOf).findFirst();
    }

    private static Stream<String> spanOf(Placed placed) {
        return switch (placed.event()) {
            case RunEvent.RunWaiting(var _, Optional<String> spanId) -> spanId.stream();
            case RunEvent.RunHeld(var _, Optional<String> spanId) -> spanId.stream();
            default -> Stream.empty();
        };
    }

    void record(Draft draft, Instant at) {
        payloads.putAll(draft.payloads());
        fresh.putAll(draft.payloads());
        draft.events().forEach(event -> record(event, at));
        opened.addAll(draft.opened());
        closed.putAll(draft.closed());
        applied.addAll(draft.applied());
    }

    private void record(RunEvent event, Instant at) {
        Instant stamp = at.isBefore(head.at()) ? head.at() : at;
        JournalEntry entry =
                EventCodec.link(lease.runId(), head.seq() + 1, stamp, event, head.hash());
        state = RunFold.evolve(state, new Placed(entry.seq(), entry.at(), event));
        entries.add(entry);
        head = entry;
    }

    /// What is recorded and not committed, as one change.
    RunChange change(RunChange.Next next) {
        return new RunChange(
                entries, RunSummary.of(state, head), fresh, opened, closed, applied, next);
    }

    /// The change that was last asked for is durable, and the run's wake version is `version`.
    void committed(long version) {
        wakeVersion = version;
        entries.clear();
        fresh.clear();
        opened.clear();
        closed.clear();
        applied.clear();
    }

    /// Whether the run's inbox may hold something that the session has not heard.
    boolean hasNews() {
        return wakeVersion != heardVersion || state.progress().awaitsApproval();
    }

    void heard(Inbox inbox) {
        heardVersion = inbox.wakeVersion();
        wakeVersion = heardVersion;
    }

    /// What the inbox holds while there is no news.
    Inbox nothingNew() {
        return new Inbox(heardVersion, List.of(), List.of());
    }

    boolean uncommitted() {
        return !entries.isEmpty() || !applied.isEmpty() || !closed.isEmpty();
    }

    /// Whether the run's definition can be read here.
    boolean readable() {
        return definition.isPresent();
    }

    /// The span before the run's newest wait or hold, if it has one.
    Optional<String> spanBeforeRest() {
        return spanBeforeRest;
    }

    Lease lease() {
        return lease;
    }

    RunId runId() {
        return lease.runId();
    }

    RunState state() {
        return state;
    }

    /// Whether the value behind `digest` is at hand.
    boolean knows(Digest digest) {
        return payloads.containsKey(digest);
    }

    /// Values that the store has.
    void learn(Map<Digest, Json> more) {
        payloads.putAll(more);
    }

    @Override
    public PinnedDefinition definition() {
        return definition.orElseThrow(
                () -> new IllegalStateException("the run's definition cannot be read"));
    }

    @Override
    public Progress progress() {
        return state.progress();
    }

    @Override
    public Json payload(Digest digest) {
        Json value = payloads.get(digest);
        if (value == null) {
            throw new MissingPayloadException(digest);
        }
        return value;
    }
}
