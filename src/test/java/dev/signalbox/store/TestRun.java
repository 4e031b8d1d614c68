package dev.signalbox.store;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.ApprovalTerms;
import dev.signalbox.domain.approval.ApprovalTerms.OnExpiry;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.plan.Limits;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.run.Shortage;
import dev.signalbox.domain.run.Usage;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.domain.tool.SideEffect;
import dev.signalbox.store.NewRun.IdempotencyKey;
import dev.signalbox.store.RunChange.Next;
import dev.signalbox.wire.EventCodec;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// A run as its worker sees it: knows its journal's head and makes changes that follow it.
final class TestRun {

    static final Json INPUT = new JsonObject(Map.of("order", Json.text("o-1")));

    private final NewRun submission;
    private RunState state;
    private JournalEntry head;

    private TestRun(RunIdentity identity, Optional<IdempotencyKey> key) {
        submission = NewRun.of(identity, INPUT, key);
        head = submission.submitted();
        state = RunFold.begin(EventCodec.placed(head));
    }

    static TestRun of(String tenant) {
        return of(tenant, "agent", Map.of(), 5);
    }

    static TestRun of(String tenant, String definition, Map<String, String> labels, int priority) {
        return new TestRun(identity(tenant, definition, labels, priority), Optional.empty());
    }

    static TestRun of(String tenant, RunId id) {
        return new TestRun(identity(id, tenant, "agent", Map.of(), 5), Optional.empty());
    }

    static TestRun keyed(String tenant, String key, String request) {
        return keyed(tenant, "agent", key, request);
    }

    static TestRun keyed(String tenant, String definition, String key, String request) {
        return new TestRun(
                identity(tenant, definition, Map.of(), 5),
                Optional.of(new IdempotencyKey(tenant, key, Digest.of(request))));
    }

    /// A run of a definition that comes from somewhere.
    static TestRun of(String tenant, String definition, Function<RunId, Lineage> lineage) {
        RunIdentity plain = identity(tenant, definition, Map.of(), 5);
        return new TestRun(
                new RunIdentity(
                        plain.id(),
                        plain.definition(),
                        plain.tenant(),
                        plain.requestedBy(),
                        plain.labels(),
                        plain.priority(),
                        plain.input(),
                        plain.deadline(),
                        lineage.apply(plain.id()),
                        plain.traceId(),
                        plain.parentSpanId(),
                        plain.createdAt()),
                Optional.empty());
    }

    Lineage lineage() {
        return submission.summary().identity().lineage();
    }

    private static RunIdentity identity(
            String tenant, String definition, Map<String, String> labels, int priority) {
        return identity(
                new RunId(UuidCreator.getTimeOrderedEpochPlus1()),
                tenant,
                definition,
                labels,
                priority);
    }

    private static RunIdentity identity(
            RunId id, String tenant, String definition, Map<String, String> labels, int priority) {
        return new RunIdentity(
                id,
                new DefinitionRef(
                        DefinitionRef.Kind.AGENT, definition, "1.0.0", Digest.of(definition)),
                tenant,
                "requester",
                labels,
                priority,
                INPUT.digest(),
                Optional.of(Instant.parse("2040-01-01T00:00:00.123456789Z")),
                Lineage.rootOf(id),
                "0af7651916cd43dd8448eb211c80319c",
                Optional.of("b7ad6b7169203331"),
                StoreContract.micros(Instant.now()));
    }

    NewRun submission() {
        return submission;
    }

    RunId id() {
        return submission.summary().identity().id();
    }

    RunSummary summary() {
        return RunSummary.of(state, head);
    }

    JournalEntry head() {
        return head;
    }

    RunChange change(Next next, RunEvent... events) {
        return change(next, Map.of(), List.of(), Map.of(), Set.of(), events);
    }

    RunChange change(
            Next next,
            Map<Digest, Json> payloads,
            List<Approval> opened,
            Map<ApprovalId, Approval.Status> closed,
            Set<CommandId> applied,
            RunEvent... events) {
        List<JournalEntry> entries = new ArrayList<>();
        RunState after = state;
        JournalEntry last = head;
        for (RunEvent event : events) {
            last = EventCodec.link(id(), last.seq() + 1, Instant.now(), event, last.hash());
            after = RunFold.evolve(after, EventCodec.placed(last));
            entries.add(last);
        }
        return new RunChange(
                entries, RunSummary.of(after, last), payloads, opened, closed, applied, next);
    }

    /// The store has taken the change.
    void accept(RunChange change) {
        for (JournalEntry entry : change.entries()) {
            state = RunFold.evolve(state, EventCodec.placed(entry));
            head = entry;
        }
    }

    Approval approval(int quorum, boolean fourEyes, Optional<Instant> expiresAt) {
        Digest arguments = new JsonObject(Map.of("amount", Json.number(120))).digest();
        return new Approval(
                new ApprovalId(UuidCreator.getTimeOrderedEpochPlus1()),
                id(),
                submission.summary().identity().tenant(),
                EffectId.toolCall(id(), 1),
                "payments.refund",
                arguments,
                Digest.of("call of " + id()),
                SideEffect.EXTERNAL_WRITE,
                "support",
                Digest.of("policy"),
                Optional.of("big-refund"),
                "above \0 the limit",
                new ApprovalTerms(
                        List.of("role:lead", "user:requester"),
                        quorum,
                        fourEyes,
                        Optional.of(Duration.ofHours(4)),
                        OnExpiry.REJECT),
                "requester",
                Instant.now(),
                expiresAt,
                Approval.Status.PENDING,
                List.of());
    }

    static RunEvent started() {
        return new RunEvent.RunStarted("worker-1");
    }

    static RunEvent waiting(WaitingOn.Kind kind) {
        return new RunEvent.RunWaiting(
                new WaitingOn(
                        kind,
                        Instant.now(),
                        "Waits for Grüße \0.",
                        Optional.empty(),
                        Optional.empty()),
                Optional.empty());
    }

    static RunEvent held() {
        return new RunEvent.RunHeld(
                new Hold(
                        Hold.Reason.BUDGET,
                        "Held by hand.",
                        Optional.empty(),
                        Optional.of("alice"),
                        Optional.of(
                                new Shortage(
                                        Budget.Kind.COST_USD,
                                        Limits.DEFAULT.budget(),
                                        Budget.of(
                                                new Usage(1, 2, 3, 4, new BigDecimal("0.50")),
                                                Duration.ofMillis(2500))))),
                Optional.empty());
    }

    static RunEvent failed() {
        return new RunEvent.RunFailed(new RunError("broken", "It broke at Pier 7."));
    }

    static RunEvent checkpoint(String label) {
        return new RunEvent.CheckpointSaved(label);
    }
}
