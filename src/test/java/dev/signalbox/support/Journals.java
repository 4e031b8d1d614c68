package dev.signalbox.support;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.ApprovalTerms;
import dev.signalbox.domain.evidence.RecordedRun;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.ProposedCall;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.domain.tool.SideEffect;
import dev.signalbox.store.Claim;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.RunChange.Next;
import dev.signalbox.store.RunLeases;
import dev.signalbox.store.RunStore;
import dev.signalbox.wire.EventCodec;
import dev.signalbox.wire.JsonCodec;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A run's journal, written by hand: each method adds what a worker would have recorded.
public final class Journals {

    private static final ApprovalTerms TERMS =
            new ApprovalTerms(
                    List.of("role:support-lead"),
                    1,
                    true,
                    Optional.of(Duration.ofHours(4)),
                    ApprovalTerms.OnExpiry.REJECT);

    private RunIdentity identity;
    private final Json input;
    private final List<JournalEntry> entries = new ArrayList<>();
    private final Map<Digest, Json> payloads = new HashMap<>();
    private final List<Approval> opened = new ArrayList<>();
    private Instant now;
    private int turns;
    private int calls;

    private Journals(RunIdentity identity, Json input) {
        this.identity = identity;
        this.input = input;
        this.now = identity.createdAt();
        add(new RunEvent.RunSubmitted(identity));
    }

    public static Journals of(String definition, String input, Instant at) {
        return of(definition, "default", input, at);
    }

    public static Journals of(String definition, String tenant, String input, Instant at) {
        return of(
                new DefinitionRef(
                        DefinitionRef.Kind.AGENT,
                        definition,
                        "1.0.0",
                        Digest.of("definition of " + definition)),
                tenant,
                input,
                at);
    }

    public static Journals of(DefinitionRef definition, String tenant, String input, Instant at) {
        RunId id = new RunId(UuidCreator.getTimeOrderedEpoch(at));
        Json value = JsonCodec.parse(input);
        return new Journals(
                new RunIdentity(
                        id,
                        definition,
                        tenant,
                        "svc-shop",
                        Map.of("shop", "lisbon"),
                        5,
                        value.digest(),
                        Optional.empty(),
                        Lineage.rootOf(id),
                        "0af7651916cd43dd8448eb211c80319c",
                        Optional.empty(),
                        at),
                value);
    }

    public RunId id() {
        return identity.id();
    }

    public EffectId call() {
        return EffectId.toolCall(id(), calls);
    }

    public Journals pass(Duration time) {
        now = now.plus(time);
        return this;
    }

    public Journals add(RunEvent event) {
        Digest before = entries.isEmpty() ? JournalEntry.GENESIS : entries.getLast().hash();
        entries.add(EventCodec.link(id(), entries.size() + 1L, now, event, before));
        now = now.plusMillis(7);
        return this;
    }

    public Digest keep(Json value) {
        payloads.put(value.digest(), value);
        return value.digest();
    }

    public Journals started() {
        return pass(Duration.ofMillis(30)).add(new RunEvent.RunStarted("worker-1"));
    }

    /// A model turn that says something.
    public Journals says(String text) {
        requested();
        return answered(Optional.of(keep(Json.text(text))), List.of());
    }

    /// A model turn that proposes one call, and the proposal.
    public Journals proposes(String tool, String arguments) {
        requested();
        Digest digest = keep(JsonCodec.parse(arguments));
        String callId = "call_" + (calls + 1);
        answered(Optional.empty(), List.of(new ProposedCall(callId, tool, digest)));
        calls++;
        return add(
                new RunEvent.ToolProposed(
                        call(), callId, tool, digest, callDigest(), Optional.empty()));
    }

    public Journals requested() {
        turns++;
        return add(
                new RunEvent.ModelRequested(
                        EffectId.modelCall(id(), turns), 1, "scripted", "script"));
    }

    /// The same at another price.
    public Journals says(String text, String dollars) {
        requested();
        return answered(Optional.of(keep(Json.text(text))), List.of(), dollars);
    }

    private Journals answered(Optional<Digest> text, List<ProposedCall> proposed) {
        return answered(text, proposed, "0.0021");
    }

    private Journals answered(Optional<Digest> text, List<ProposedCall> proposed, String dollars) {
        pass(Duration.ofMillis(840));
        return add(
                new RunEvent.ModelCompleted(
                        EffectId.modelCall(id(), turns),
                        text,
                        proposed,
                        new TokenUsage(412, 58),
                        Optional.of(new BigDecimal(dollars)),
                        "script",
                        proposed.isEmpty() ? "stop" : "tool_calls",
                        true));
    }

    public Digest callDigest() {
        return Digest.of("call " + call());
    }

    public Journals policy(Verdict verdict, String rule, String reason) {
        return add(
                new RunEvent.PolicyDecided(
                        call(),
                        verdict,
                        "support",
                        Digest.of("support"),
                        Optional.of(rule),
                        reason,
                        verdict == Verdict.REQUIRE_APPROVAL
                                ? Optional.of(TERMS)
                                : Optional.empty()));
    }

    /// The call waits for people, and the run with it.
    public Journals asks(String tool, String arguments) {
        Instant at = now;
        Approval approval =
                new Approval(
                        new ApprovalId(UuidCreator.getTimeOrderedEpoch(at)),
                        id(),
                        identity.tenant(),
                        call(),
                        tool,
                        JsonCodec.parse(arguments).digest(),
                        callDigest(),
                        SideEffect.EXTERNAL_WRITE,
                        "support",
                        Digest.of("support"),
                        Optional.of("big-refund"),
                        "rule 'big-refund' holds: tool.name == 'payments.refund'",
                        TERMS,
                        identity.requestedBy(),
                        at,
                        Optional.of(at.plus(Duration.ofHours(4))),
                        Approval.Status.PENDING,
                        List.of());
        opened.add(approval);
        add(
                new RunEvent.ApprovalRequested(
                        call(),
                        approval.id(),
                        approval.callDigest(),
                        approval.sideEffect(),
                        TERMS,
                        approval.expiresAt()));
        return add(
                new RunEvent.RunWaiting(
                        new WaitingOn(
                                WaitingOn.Kind.APPROVAL,
                                at,
                                "Waits for role:support-lead to decide on " + tool + ".",
                                Optional.of(approval.id()),
                                approval.expiresAt()),
                        Optional.empty()));
    }

    public Journals sent() {
        return add(new RunEvent.ToolStarted(call(), 1));
    }

    public Journals result(String json) {
        return pass(Duration.ofMillis(120))
                .add(new RunEvent.ToolCompleted(call(), 1, keep(JsonCodec.parse(json))));
    }

    public Journals completed(String output) {
        Digest digest = keep(JsonCodec.parse(output));
        add(
                new RunEvent.VerificationCompleted(
                        1, Optional.empty(), Optional.empty(), Optional.of(digest)));
        return add(new RunEvent.RunCompleted(digest));
    }

    /// The run as a branch of another. Its journal says the same otherwise.
    public Journals branchOf(Journals origin, long seq) {
        identity =
                new RunIdentity(
                        identity.id(),
                        identity.definition(),
                        identity.tenant(),
                        identity.requestedBy(),
                        identity.labels(),
                        identity.priority(),
                        identity.input(),
                        identity.deadline(),
                        new Lineage(
                                identity.id(),
                                Optional.empty(),
                                Optional.of(new Lineage.BranchPoint(origin.id(), seq)),
                                Optional.empty()),
                        identity.traceId(),
                        identity.parentSpanId(),
                        identity.createdAt());
        List<RunEvent> events = history().stream().map(Placed::event).skip(1).toList();
        entries.clear();
        now = identity.createdAt();
        add(new RunEvent.RunSubmitted(identity));
        events.forEach(this::add);
        return this;
    }

    /// The run as it is read back.
    public RecordedRun recorded() {
        return EventCodec.recorded(
                RunSummary.of(RunFold.fold(history()), entries.getLast()), entries);
    }

    public Approval approval() {
        return opened.getLast();
    }

    public List<Placed> history() {
        return entries.stream().map(EventCodec::placed).toList();
    }

    public Map<Digest, Json> payloads() {
        Map<Digest, Json> all = new HashMap<>(payloads);
        all.put(input.digest(), input);
        return all;
    }

    /// Puts the run into a store as a worker would have.
    public Journals into(RunStore runs, RunLeases leases) {
        runs.create(NewRun.of(identity, input, Optional.empty())).await().indefinitely();
        if (entries.size() == 1) {
            return this;
        }
        Claim claim =
                leases.claim(id(), "worker-1", Duration.ofHours(1))
                        .await()
                        .indefinitely()
                        .orElseThrow();
        RunState state = RunFold.fold(history());
        runs.append(
                        claim.lease(),
                        new RunChange(
                                entries.subList(1, entries.size()),
                                RunSummary.of(state, entries.getLast()),
                                payloads,
                                opened,
                                Map.of(),
                                Set.of(),
                                state instanceof RunState.Settled
                                        ? new Next.End()
                                        : new Next.Rest(Optional.empty(), 0)))
                .await()
                .indefinitely();
        return this;
    }
}
