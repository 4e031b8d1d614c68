package dev.signalbox.runtime;

import dev.signalbox.domain.plan.Allotment;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.branch.BranchPlan;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.Lineage.BranchPoint;
import dev.signalbox.domain.run.Progress;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.runtime.PinnedDefinitions.Pinned;
import dev.signalbox.runtime.stage.ChatHistory;
import dev.signalbox.runtime.stage.ChildStage;
import dev.signalbox.runtime.stage.Draft;
import dev.signalbox.runtime.stage.MissingPayloadException;
import dev.signalbox.runtime.stage.Work;
import dev.signalbox.store.Claim;
import dev.signalbox.store.Claim.History;
import dev.signalbox.store.Lease;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.RunInbox.Inbox;
import dev.signalbox.wire.EventCodec;
import dev.signalbox.wire.RecordCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
/// refused before it can be committed. One thread at a time records; another may take what is
/// recorded to commit it, whole drafts at a time, in order.
final class RunSession implements Work {

    /// Newer than any: says that the inbox has to be read.
    static final long UNKNOWN_VERSION = Long.MAX_VALUE;

    private final Lease lease;
    private final Pinned definition;
    private final Map<Digest, Json> payloads;
    private final Optional<String> spanBeforeRest;
    private final ChatHistory chat = new ChatHistory();
    private final Set<EffectId> repeated = new HashSet<>();
    private Optional<BranchPlan> plan = Optional.empty();
    private Optional<Draft> inheritance = Optional.empty();
    private RunState state;
    private JournalEntry head;

    private Recorded recorded = new Recorded();
    private long wakeVersion;
    private long heardVersion;

    /// What no commit has taken yet.
    private static final class Recorded {
        private final List<JournalEntry> entries = new ArrayList<>();
        private final Map<Digest, Json> payloads = new LinkedHashMap<>();
        private final List<Approval> opened = new ArrayList<>();
        private final Map<ApprovalId, Approval.Status> closed = new LinkedHashMap<>();
        private final Set<CommandId> applied = new LinkedHashSet<>();
        private final List<NewRun> children = new ArrayList<>();
        private final List<RunCommand> posts = new ArrayList<>();

        private boolean nothing() {
            return entries.isEmpty() && applied.isEmpty() && closed.isEmpty() && posts.isEmpty();
        }
    }

    RunSession(Claim claim, Pinned definition, History journal) {
        this.lease = claim.lease();
        this.wakeVersion = claim.wakeVersion();
        this.definition = definition;
        this.payloads = new HashMap<>(journal.payloads());
        List<Placed> history = journal.entries().stream().map(EventCodec::placed).toList();
        this.head = journal.entries().getLast();
        this.state = RunFold.fold(history);
        history.forEach(placed -> repeats(placed.event()));
        this.spanBeforeRest = history.reversed().stream().flatMap(RunSession::spanOf).findFirst();
    }

    private static Stream<String> spanOf(Placed placed) {
        return switch (placed.event()) {
            case RunEvent.RunWaiting(var _, Optional<String> spanId) -> spanId.stream();
            case RunEvent.RunHeld(var _, Optional<String> spanId) -> spanId.stream();
            default -> Stream.empty();
        };
    }

    synchronized void record(Draft draft, Instant at) {
        payloads.putAll(draft.payloads());
        recorded.payloads.putAll(draft.payloads());
        draft.events().forEach(event -> record(event, at));
        recorded.opened.addAll(draft.opened());
        recorded.closed.putAll(draft.closed());
        recorded.applied.addAll(draft.applied());
        recorded.children.addAll(draft.children());
        recorded.posts.addAll(draft.posts());
    }

    private void record(RunEvent event, Instant at) {
        Instant stamp = at.isBefore(head.at()) ? head.at() : at;
        JournalEntry entry =
                EventCodec.link(lease.runId(), head.seq() + 1, stamp, event, head.hash());
        Duration rested = rested(state, stamp);
        state = RunFold.evolve(state, new Placed(entry.seq(), entry.at(), event));
        recorded.entries.add(entry);
        head = entry;
        repeats(event);
        if (state instanceof RunState.Settled) {
            RunSummary ended = RunSummary.of(state, head);
            Budget used = Allotment.used(state.progress().waited(rested), stamp);
            recorded.posts.addAll(ChildStage.tell(ended, ended.output().map(this::payload), used));
        }
    }

    private void repeats(RunEvent event) {
        if (event instanceof RunEvent.ToolProposed proposed) {
            proposed.repeats().ifPresent(repeated::add);
        }
    }

    /// Where the run branches off from another one and has not taken over anything yet. A run that
    /// only tries another one again has no plan, and takes nothing over.
    Optional<BranchPoint> toInherit() {
        return state instanceof RunState.Settled || state.progress().lastCheckpoint().isPresent()
                ? Optional.empty()
                : state.progress()
                        .identity()
                        .lineage()
                        .branchedFrom()
                        .filter(from -> from.plan().isPresent());
    }

    /// What the run takes over as soon as it runs.
    void inherits(Draft draft) {
        inheritance = Optional.of(draft);
    }

    /// What is to be taken over now; nothing the next time.
    Optional<Draft> takeInheritance() {
        Optional<Draft> due = state instanceof RunState.Running ? inheritance : Optional.empty();
        if (due.isPresent()) {
            inheritance = Optional.empty();
        }
        return due;
    }

    @Override
    public Optional<BranchPlan.Repeat> repeated(String tool, Digest arguments) {
        Optional<Digest> digest =
                progress().identity().lineage().branchedFrom().flatMap(BranchPoint::plan);
        if (digest.isPresent() && plan.isEmpty()) {
            plan = Optional.of(RecordCodec.decode(BranchPlan.class, payload(digest.get())));
        }
        return plan.flatMap(known -> known.match(tool, arguments, repeated));
    }

    /// How long a run that ends in its sleep has slept since it last worked.
    private static Duration rested(RunState state, Instant at) {
        return switch (state) {
            case RunState.Waiting(var _, WaitingOn waitingOn) ->
                    Duration.between(waitingOn.since(), at);
            case RunState.Held(var _, var _, Instant since) -> Duration.between(since, at);
            case RunState.Queued _, RunState.Running _, RunState.Settled _ -> Duration.ZERO;
        };
    }

    /// What is recorded and no change has taken before, as one change.
    synchronized RunChange take(RunChange.Next next) {
        Recorded taken = recorded;
        recorded = new Recorded();
        return new RunChange(
                taken.entries,
                RunSummary.of(state, head),
                taken.payloads,
                taken.opened,
                taken.closed,
                taken.applied,
                taken.children,
                taken.posts,
                next);
    }

    /// A change is durable, and the run's wake version was `version` then.
    synchronized void committed(long version) {
        wakeVersion = Math.max(wakeVersion, version);
    }

    /// Whether the run's inbox may hold something that the session has not heard.
    synchronized boolean hasNews() {
        return wakeVersion > heardVersion || state.progress().awaitsApproval();
    }

    synchronized void heard(Inbox inbox) {
        heardVersion = inbox.wakeVersion();
        if (wakeVersion == UNKNOWN_VERSION) {
            wakeVersion = heardVersion;
        }
    }

    /// What the inbox holds while there is no news.
    Inbox nothingNew() {
        return new Inbox(heardVersion, List.of(), List.of());
    }

    /// How many events no change has taken yet.
    synchronized int ahead() {
        return recorded.entries.size();
    }

    synchronized boolean uncommitted() {
        return !recorded.nothing();
    }

    /// Why the run cannot go on with its definition here; empty if it can.
    Optional<String> blocked() {
        return definition instanceof Pinned.Blocked(String why)
                ? Optional.of(why)
                : Optional.empty();
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
        return switch (definition) {
            case Pinned.Usable(PinnedDefinition usable) -> usable;
            case Pinned.Blocked(String why) -> throw new IllegalStateException(why);
        };
    }

    @Override
    public ChatHistory chat() {
        return chat;
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
