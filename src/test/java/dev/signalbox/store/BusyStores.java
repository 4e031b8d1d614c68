package dev.signalbox.store;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Decision.Choice;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.retention.RetentionRule;
import dev.signalbox.domain.retention.RetentionRules;
import dev.signalbox.domain.retention.RetentionTerms;
import dev.signalbox.domain.retention.Tombstone;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.store.ApprovalInbox.Ballot;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import dev.signalbox.store.Retention.Batch;
import dev.signalbox.store.Retention.Round;
import dev.signalbox.store.RunChange.Next;
import dev.signalbox.store.RunInbox.Inbox;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/// Does a bit of everything with a backend, at random.
public final class BusyStores extends StoreContract {

    private final Backend backend;
    private final Random random;
    private final List<TestRun> runs = new ArrayList<>();
    private int begun;

    public BusyStores(Backend backend, Random random) {
        this.backend = backend;
        this.random = random;
    }

    @Override
    protected Backend backend() {
        return backend;
    }

    /// So many calls that change something.
    public void work(int calls) {
        for (int call = 0; call < calls; call++) {
            switch (runs.isEmpty() ? 0 : random.nextInt(7)) {
                case 0 -> begin();
                case 1, 2 -> goOn(any());
                case 3 -> wake();
                case 4 -> decide(any());
                case 5 -> prune();
                default -> define();
            }
        }
    }

    /// Posts a command to a run, and perhaps answers it.
    private void wake() {
        TestRun run = any();
        RunCommand command = command(run);
        get(backend.inbox().post(command, audit(command.by(), "run.pause", Optional.of(run.id()))));
        answer(run);
    }

    /// Changes one run's row so many times.
    public void takeAndGiveBack(int times) {
        TestRun run = submitted();
        for (int time = 0; time < times; time++) {
            get(backend.leases().release(claimed(run)));
        }
    }

    private void begin() {
        begun++;
        String number = Integer.toString(begun);
        runs.add(submitted(TestRun.keyed(tenant, "key " + number, number)));
    }

    private void goOn(TestRun run) {
        Json payload = Json.text("payload " + random.nextInt());
        List<Approval> opened =
                random.nextBoolean()
                        ? List.of()
                        : List.of(run.approval(1, false, Optional.empty()));
        change(
                run,
                run.change(
                        rest(),
                        Map.of(payload.digest(), payload),
                        opened,
                        Map.of(),
                        Set.of(),
                        TestRun.checkpoint("c" + random.nextInt())));
    }

    private void answer(TestRun run) {
        Inbox inbox = get(backend.inbox().read(run.id()));
        if (random.nextBoolean()) {
            Set<CommandId> all =
                    inbox.commands().stream().map(RunCommand::id).collect(Collectors.toSet());
            change(
                    run,
                    run.change(
                            new Next.Rest(Optional.empty(), inbox.wakeVersion()),
                            Map.of(),
                            List.of(),
                            Map.of(),
                            all));
        }
    }

    private void change(TestRun run, RunChange change) {
        get(backend.leases().claim(run.id(), "worker-1", LEASE))
                .ifPresent(claim -> append(run, claim.lease(), change));
    }

    private void decide(TestRun run) {
        get(backend.inbox().read(run.id())).approvals().stream()
                .filter(approval -> approval.status() == Approval.Status.PENDING)
                .findFirst()
                .ifPresent(this::decide);
    }

    private void decide(Approval approval) {
        Actor lead = new Actor("bob", Actor.Plane.OPERATOR, tenant, Set.of("lead"));
        get(
                backend.approvals()
                        .decide(
                                new Ballot(
                                        approval.id(),
                                        lead,
                                        approval.callDigest(),
                                        Choice.EDIT,
                                        "less",
                                        Optional.of(content("amount")),
                                        audit(
                                                lead,
                                                "approval.edit",
                                                Optional.of(approval.runId())))));
    }

    /// Ends a run, with the approvals that it has open, and removes what has ended by then.
    private void prune() {
        TestRun run = any();
        change(run, run.change(new Next.End(), TestRun.failed()));
        backend.pass(Duration.ofMinutes(1));
        RetentionRule rule =
                new RetentionRule("agent", RunStatus.FAILED, Duration.ZERO, Optional.empty());
        Batch.Removed removed =
                (Batch.Removed)
                        get(
                                backend.retention()
                                        .prune(
                                                new Round(
                                                        "pruner",
                                                        Duration.ZERO,
                                                        rule,
                                                        new RetentionRules(
                                                                Map.of(), RetentionTerms.NONE),
                                                        Optional.empty(),
                                                        10)));
        Set<RunId> gone = removed.removed().stream().map(Tombstone::id).collect(Collectors.toSet());
        runs.removeIf(one -> gone.contains(one.id()));
    }

    private void define() {
        JsonObject bundle = content("content");
        DefinitionRef ref =
                new DefinitionRef(DefinitionRef.Kind.AGENT, "busy", "1.0.0", bundle.digest());
        get(backend.definitions().apply(List.of(new StoredDefinition(ref, bundle, Instant.now()))));
    }

    private JsonObject content(String name) {
        return new JsonObject(Map.of(name, Json.number(random.nextInt(20))));
    }

    private RunCommand command(TestRun run) {
        return new RunCommand(
                new CommandId(UuidCreator.getTimeOrderedEpochPlus1()),
                run.id(),
                operator("alice"),
                "because",
                new Ask.Steer("look again"),
                Instant.now());
    }

    private TestRun any() {
        return runs.get(random.nextInt(runs.size()));
    }
}
