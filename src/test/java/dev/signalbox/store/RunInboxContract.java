package dev.signalbox.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.Usage;
import dev.signalbox.store.RunChange.Next;
import dev.signalbox.store.RunInbox.Inbox;
import io.smallrye.mutiny.subscription.Cancellable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/// What [RunInbox] promises.
public abstract class RunInboxContract extends StoreContract {

    private static final Budget BUDGET =
            new Budget(
                    Optional.of(1L),
                    Optional.empty(),
                    Optional.of(3L),
                    Optional.of(new BigDecimal("0.50")),
                    Optional.of(Duration.ofMillis(1500)),
                    Optional.of(0L));

    private RunInbox inbox() {
        return backend().inbox();
    }

    @Test
    void everyKindOfCommandComesOutAsItWentInOldestFirst() {
        TestRun run = submitted();
        List<RunCommand> commands =
                List.of(
                        command(run, new Ask.Cancel()),
                        command(run, new Ask.Pause()),
                        command(run, new Ask.Resume()),
                        command(
                                run,
                                new Ask.Signal("paid", Json.of(Map.of("sum", 3, "by", "Zoë")))),
                        command(run, new Ask.Signal("gone", Json.JsonNull.NULL)),
                        command(
                                run,
                                new Ask.ChildSettled(
                                        run.id(),
                                        RunStatus.FAILED,
                                        Optional.empty(),
                                        Optional.of(new RunError("odd", "Grüße \0")),
                                        Usage.NONE)),
                        command(
                                run,
                                new Ask.ChildSettled(
                                        run.id(),
                                        RunStatus.COMPLETED,
                                        Optional.of(Json.JsonNull.NULL),
                                        Optional.empty(),
                                        Usage.NONE)),
                        command(
                                run,
                                new Ask.ChildSettled(
                                        run.id(),
                                        RunStatus.CANCELLED,
                                        Optional.empty(),
                                        Optional.empty(),
                                        Usage.NONE,
                                        Optional.of(BUDGET))),
                        command(
                                run,
                                new Ask.RaiseBudget(
                                        run.id(),
                                        List.of(run.id()),
                                        BUDGET,
                                        Instant.parse("2026-01-01T00:00:00.123456Z"))),
                        command(run, new Ask.Steer("look \0 again, Grüße")),
                        command(run, new Ask.HoldRun()),
                        command(run, new Ask.Release()),
                        command(run, reconcile(run, Optional.empty())),
                        command(run, reconcile(run, Optional.of(Json.JsonNull.NULL))),
                        command(run, reconcile(run, Optional.of(Json.text("paid")))));

        commands.forEach(this::post);

        assertThat(get(inbox().read(run.id())).commands()).isEqualTo(commands);
    }

    @Test
    void aCommandItsAuditRecordAndTheWakeUpAreOne() {
        TestRun run = resting();
        RunCommand command = command(run, new Ask.Cancel());
        AuditRecord record = audit(command.by(), "run.cancel", Optional.of(run.id()));

        get(inbox().post(command, record));

        assertThat(get(inbox().read(run.id())).commands()).containsExactly(command);
        assertThat(audited()).containsExactly(record);
        assertThat(isClaimable(run.id())).isTrue();
    }

    @Test
    void anAnsweredCommandLeavesTheInbox() {
        TestRun run = submitted();
        RunCommand first = command(run, new Ask.Pause());
        RunCommand second = command(run, new Ask.Resume());
        post(first);
        post(second);

        append(
                run,
                claimed(run),
                run.change(
                        new Next.Continue(),
                        Map.of(),
                        List.of(),
                        Map.of(),
                        Set.of(first.id()),
                        TestRun.started()));

        assertThat(get(inbox().read(run.id())).commands()).containsExactly(second);
    }

    @Test
    void whoRestsOnAnOlderInboxFindsTheRunDueAgain() {
        TestRun run = submitted();
        Lease lease = claimed(run);
        long seen = get(inbox().read(run.id())).wakeVersion();
        post(command(run, new Ask.Cancel()));

        append(run, lease, run.change(new Next.Rest(Optional.empty(), seen), TestRun.started()));

        assertThat(isClaimable(run.id())).isTrue();
    }

    @Test
    void whoHasSeenTheWakeUpRests() {
        TestRun run = submitted();
        Lease lease = claimed(run);
        post(command(run, new Ask.Cancel()));
        long seen = get(inbox().read(run.id())).wakeVersion();

        append(run, lease, run.change(new Next.Rest(Optional.empty(), seen), TestRun.started()));

        assertThat(isClaimable(run.id())).isFalse();
    }

    @Test
    void postingAndRestingAtOnceLosesNoWakeUp() {
        for (int round = 0; round < 10; round++) {
            TestRun run = submitted();
            Lease lease = claimed(run);
            Inbox read = get(inbox().read(run.id()));
            RunChange resting =
                    run.change(
                            new Next.Rest(Optional.empty(), read.wakeVersion()), TestRun.started());

            atOnce(
                    2,
                    number ->
                            number == 0
                                    ? get(backend().runs().append(lease, resting))
                                    : post(command(run, new Ask.Cancel())));

            assertThat(isClaimable(run.id())).isTrue();
        }
    }

    @Test
    void aWakeUpDoesNotTakeTheLeaseFromTheWorker() {
        TestRun run = submitted();
        Lease lease = claimed(run);

        post(command(run, new Ask.Cancel()));

        assertThat(isClaimable(run.id())).isFalse();
        assertThat(get(backend().leases().renew(List.of(lease), LEASE))).containsExactly(run.id());
    }

    @Test
    void aCommandForAnUnknownRunLeavesNothing() {
        RunCommand command = command(TestRun.of(tenant), new Ask.Cancel());

        assertRefused(ProblemCode.NOT_FOUND, () -> post(command));

        assertThat(audited()).isEmpty();
    }

    @Test
    void aCommandFromAnotherTenantLeavesNothing() {
        TestRun run = resting();
        Actor stranger = new Actor("eve", Actor.Plane.OPERATOR, tenant + "-2", Set.of());
        RunCommand command = command(run.id(), stranger, new Ask.Cancel());

        assertRefused(ProblemCode.NOT_FOUND, () -> post(command));

        assertThat(get(inbox().read(run.id())).commands()).isEmpty();
        assertThat(isClaimable(run.id())).isFalse();
    }

    @Test
    void aCommandForARunThatHasEndedLeavesNothing() {
        TestRun run = ended();

        assertRefused(ProblemCode.ILLEGAL_MOVE, () -> post(command(run, new Ask.Cancel())));

        assertThat(get(inbox().read(run.id())).commands()).isEmpty();
        assertThat(audited()).isEmpty();
    }

    @Test
    void theInboxOfAnUnknownRunIsEmpty() {
        Inbox read = get(inbox().read(TestRun.of(tenant).id()));

        assertThat(read.commands()).isEmpty();
        assertThat(read.approvals()).isEmpty();
    }

    @Test
    void wokenRunsAreHeardOf() {
        TestRun run = resting();
        List<RunId> heard = new CopyOnWriteArrayList<>();
        Cancellable listening = inbox().woken().subscribe().with(heard::add);

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> {
                            post(command(run, new Ask.Pause()));
                            assertThat(heard).contains(run.id());
                        });

        listening.cancel();
    }

    private Void post(RunCommand command) {
        return get(
                inbox().post(
                                command,
                                audit(command.by(), "run.test", Optional.of(command.runId()))));
    }

    private RunCommand command(TestRun run, Ask ask) {
        return command(run.id(), operator("alice", "operator"), ask);
    }

    private static RunCommand command(RunId run, Actor by, Ask ask) {
        return new RunCommand(
                new CommandId(UuidCreator.getTimeOrderedEpochPlus1()),
                run,
                by,
                "because \0",
                ask,
                Instant.now());
    }

    private static Ask reconcile(TestRun run, Optional<Json> result) {
        return new Ask.Reconcile(EffectId.toolCall(run.id(), 1), result.isPresent(), result);
    }
}
