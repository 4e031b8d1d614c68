package dev.signalbox.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Decision.Choice;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.store.ApprovalInbox.Ballot;
import dev.signalbox.store.Backlogs.Backlog;
import dev.signalbox.store.RunChange.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What [Backlogs] promises. Other tests may leave something over, so that only growth is sure.
public abstract class BacklogContract extends StoreContract {

    private static final int MANY = 10_000;

    private Backlog read() {
        return get(backend().backlogs().read(MANY));
    }

    @Test
    void runsThatWantAWorkerAreCountedUntilOneComes() {
        Backlog before = read();
        TestRun first = submitted();
        submitted();
        resting();
        ended();

        Backlog with = read();
        claimed(first);
        Backlog after = read();

        assertThat(with.dueRuns()).isGreaterThanOrEqualTo(before.dueRuns() + 2);
        assertThat(after.dueRuns()).isEqualTo(with.dueRuns() - 1);
    }

    @Test
    void aRunForWhichAHintWasSentIsStillDue() {
        submitted();
        Backlog before = read();

        get(backend().leases().dispatch(MANY, LEASE));

        assertThat(read().dueRuns()).isEqualTo(before.dueRuns());
    }

    @Test
    void theLongestWaitIsMeasuredByTheStoresClock() {
        submitted();
        backend().pass(SHORT);

        assertThat(read().longestDue()).isGreaterThanOrEqualTo(SHORT.minusMillis(10));
    }

    @Test
    void pendingApprovalsAreCountedUntilSomebodyDecides() {
        Backlog before = read();
        TestRun run = submitted();
        Approval approval = run.approval(1, false, Optional.empty());
        append(
                run,
                claimed(run),
                run.change(
                        rest(),
                        Map.of(),
                        List.of(approval),
                        Map.of(),
                        Set.of(),
                        TestRun.started()));

        Backlog with = read();
        get(backend().approvals().decide(ballot(approval)));
        Backlog after = read();

        assertThat(with.pendingApprovals()).isEqualTo(before.pendingApprovals() + 1);
        assertThat(with.longestPending()).isGreaterThanOrEqualTo(Duration.ZERO);
        assertThat(after.pendingApprovals()).isEqualTo(before.pendingApprovals());
    }

    @Test
    void openCommandsAreCountedUntilTheyAreAnsweredOrTheRunHasEnded() {
        Backlog before = read();
        TestRun run = resting();
        command(run);
        TestRun other = resting();
        command(other);
        assertThat(read().openCommands()).isEqualTo(before.openCommands() + 2);

        append(run, claimed(run), run.change(new Next.End(), TestRun.failed()));
        Lease lease = claimed(other);
        CommandId answered = get(backend().inbox().read(other.id())).commands().getFirst().id();
        append(
                other,
                lease,
                other.change(
                        rest(),
                        Map.of(),
                        List.of(),
                        Map.of(),
                        Set.of(answered),
                        TestRun.checkpoint("answered")));

        assertThat(read().openCommands()).isEqualTo(before.openCommands());
    }

    @Test
    void countingStopsWhereItIsAskedTo() {
        for (int number = 0; number < 5; number++) {
            submitted();
        }

        Backlog few = get(backend().backlogs().read(1));

        assertThat(few.dueRuns()).isPositive();
        assertThat(few.longestDue()).isLessThanOrEqualTo(read().longestDue());
    }

    private void command(TestRun run) {
        get(
                backend()
                        .inbox()
                        .post(
                                new RunCommand(
                                        new CommandId(UUID.randomUUID()),
                                        run.id(),
                                        operator("olga", "operator"),
                                        "because",
                                        new Ask.Steer("On you go."),
                                        micros(Instant.now())),
                                audit(
                                        operator("olga", "operator"),
                                        "run.steer",
                                        Optional.of(run.id()))));
    }

    private Ballot ballot(Approval approval) {
        return new Ballot(
                approval.id(),
                operator("lea", "lead"),
                approval.callDigest(),
                Choice.APPROVE,
                "because",
                Optional.empty(),
                audit(operator("lea", "lead"), "approval.approve", Optional.of(approval.runId())));
    }
}
