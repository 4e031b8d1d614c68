package dev.signalbox.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Status;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.run.Usage;
import dev.signalbox.store.RunChange.Next;
import dev.signalbox.wire.EventCodec;
import dev.signalbox.wire.JsonCodec;
import io.smallrye.mutiny.Uni;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What [RunStore] promises about creating and appending.
public abstract class RunStoreContract extends StoreContract {

    private static final String ODD =
            "{\"amount\":1.1,\"big\":123456789012345678901234567890.5,\"nul\":\"a\\u0000b\","
                    + "\"text\":\"Grüße 🚂 \\\"quoted\\\" \\\\ \\n\",\"z\":[true,null,{}]}";

    private RunStore runs() {
        return backend().runs();
    }

    @Test
    void aCreatedRunIsThereWithItsJournalAndInput() {
        TestRun run = TestRun.of(tenant, "agent", Map.of("team", "Grüße \"x\""), 7);

        Submission submission = get(runs().create(run.submission()));

        assertThat(submission).isEqualTo(new Submission.Created(run.summary()));
        assertThat(get(runs().find(run.id()))).contains(run.summary());
        assertThat(get(runs().journal(run.id(), 0, 10))).containsExactly(run.head());
        assertThat(get(runs().payloads(run.id(), Set.of(TestRun.INPUT.digest()))))
                .containsExactly(Map.entry(TestRun.INPUT.digest(), TestRun.INPUT));
    }

    @Test
    void whatNobodyCreatedIsNotThere() {
        TestRun run = TestRun.of(tenant);

        Optional<RunSummary> found = get(runs().find(run.id()));

        assertThat(found).isEmpty();
        assertThat(get(runs().journal(run.id(), 0, 10))).isEmpty();
        assertThat(get(runs().payloads(run.id(), Set.of(TestRun.INPUT.digest())))).isEmpty();
    }

    @Test
    void theSameKeyAndRequestIsTheSameRun() {
        TestRun first = TestRun.keyed(tenant, "key", "request");
        get(runs().create(first.submission()));
        TestRun second = TestRun.keyed(tenant, "key", "request");

        Submission again = get(runs().create(second.submission()));

        assertThat(again).isEqualTo(new Submission.Existing(first.summary()));
        assertThat(get(runs().find(second.id()))).isEmpty();
    }

    @Test
    void theSameKeyWithAnotherRequestIsAConflict() {
        get(runs().create(TestRun.keyed(tenant, "key", "request").submission()));
        TestRun other = TestRun.keyed(tenant, "key", "another");

        Submission again = get(runs().create(other.submission()));

        assertThat(again).isEqualTo(new Submission.Conflict());
        assertThat(get(runs().find(other.id()))).isEmpty();
    }

    @Test
    void keysOfTwoTenantsNeverMeet() {
        get(runs().create(TestRun.keyed(tenant, "key", "request").submission()));
        TestRun elsewhere = TestRun.keyed(tenant + "-2", "key", "another");

        Submission submission = get(runs().create(elsewhere.submission()));

        assertThat(submission).isInstanceOf(Submission.Created.class);
    }

    @Test
    void oneKeyUsedManyTimesAtOnceMakesOneRun() {
        List<Submission> all =
                atOnce(
                        24,
                        number ->
                                get(
                                        runs().create(
                                                        TestRun.keyed(
                                                                        tenant,
                                                                        "key",
                                                                        number % 3 == 0
                                                                                ? "other"
                                                                                : "request")
                                                                .submission())));

        assertThat(all).filteredOn(Submission.Created.class::isInstance).hasSize(1);
        assertThat(get(runs().list(RunFilter.ofTenant(tenant), PageRequest.first(10))).items())
                .hasSize(1);
    }

    @Test
    void runsThatAreCreatedAtOnceAreEachWholeOrNotThere() {
        List<TestRun> wanted =
                IntStream.range(0, 60)
                        .mapToObj(
                                number ->
                                        number % 4 == 0
                                                ? TestRun.keyed(tenant, "key" + number % 5, "r")
                                                : TestRun.of(tenant))
                        .toList();

        List<Submission> all =
                atOnce(60, number -> get(runs().create(wanted.get(number).submission())));

        for (int number = 0; number < 60; number++) {
            TestRun run = wanted.get(number);
            boolean created = all.get(number) instanceof Submission.Created;
            assertThat(get(runs().find(run.id())).isPresent()).isEqualTo(created);
            assertThat(get(runs().journal(run.id(), 0, 10))).hasSize(created ? 1 : 0);
            assertThat(get(runs().payloads(run.id(), Set.of(TestRun.INPUT.digest()))))
                    .hasSize(created ? 1 : 0);
        }
        assertThat(all).filteredOn(Submission.Created.class::isInstance).hasSize(45 + 5);
    }

    @Test
    void anAppendIsTheJournalTheSummaryAndTheValues() {
        TestRun run = submitted();
        Json value = JsonCodec.parse(ODD);
        RunChange change =
                run.change(
                        new Next.Continue(),
                        Map.of(value.digest(), value),
                        List.of(),
                        Map.of(),
                        Set.of(),
                        TestRun.started(),
                        TestRun.waiting(dev.signalbox.domain.run.WaitingOn.Kind.SIGNAL));

        append(run, claimed(run), change);

        assertThat(get(runs().find(run.id()))).contains(run.summary());
        List<JournalEntry> journal = get(runs().journal(run.id(), 0, 10));
        assertThat(journal).hasSize(3).allMatch(JournalEntry::intact);
        assertThat(journal.subList(1, 3)).isEqualTo(change.entries());
        assertThat(
                        RunSummary.of(
                                RunFold.fold(journal.stream().map(EventCodec::placed).toList()),
                                journal.getLast()))
                .isEqualTo(run.summary());
        Map<Digest, Json> kept = get(runs().payloads(run.id(), Set.of(value.digest())));
        assertThat(kept.get(value.digest()).canonical()).isEqualTo(ODD);
    }

    @Test
    void aJournalIsAChainThatVerifies() {
        TestRun run = submitted();
        Lease lease = claimed(run);
        append(run, lease, run.change(new Next.Continue(), TestRun.started()));
        for (int number = 0; number < 5; number++) {
            append(run, lease, run.change(new Next.Continue(), TestRun.checkpoint("c" + number)));
        }

        List<JournalEntry> journal = get(runs().journal(run.id(), 0, 100));

        Digest before = JournalEntry.GENESIS;
        for (JournalEntry entry : journal) {
            assertThat(entry.prevHash()).isEqualTo(before);
            assertThat(entry.intact()).isTrue();
            before = entry.hash();
        }
        assertThat(journal)
                .extracting(JournalEntry::seq)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(get(runs().find(run.id())).orElseThrow().headHash()).isEqualTo(before);
    }

    @Test
    void aJournalIsReadInParts() {
        TestRun run = submitted();
        append(
                run,
                claimed(run),
                run.change(
                        new Next.Continue(),
                        TestRun.started(),
                        TestRun.checkpoint("a"),
                        TestRun.checkpoint("b")));

        List<JournalEntry> part = get(runs().journal(run.id(), 1, 2));

        assertThat(part).extracting(JournalEntry::seq).containsExactly(2L, 3L);
    }

    @Test
    void valuesAreKeptOnceAndReadForSeveralRuns() {
        TestRun left = submitted();
        TestRun right = submitted();
        append(
                left,
                claimed(left),
                left.change(
                        new Next.Continue(),
                        Map.of(TestRun.INPUT.digest(), TestRun.INPUT),
                        List.of(),
                        Map.of(),
                        Set.of(),
                        TestRun.started()));

        var values =
                get(
                        runs().payloads(
                                        Map.of(
                                                left.id(),
                                                Set.of(TestRun.INPUT.digest(), Digest.of("none")),
                                                right.id(),
                                                Set.of(TestRun.INPUT.digest()))));

        assertThat(values)
                .isEqualTo(
                        Map.of(
                                left.id(),
                                Map.of(TestRun.INPUT.digest(), TestRun.INPUT),
                                right.id(),
                                Map.of(TestRun.INPUT.digest(), TestRun.INPUT)));
    }

    @Test
    void aStaleEpochChangesNothing() {
        TestRun run = submitted();
        Lease stale =
                get(backend().leases().claim(run.id(), "worker-1", SHORT)).orElseThrow().lease();
        backend().pass(LONGER);
        Lease current = claimed(run);
        RunChange change = everything(run);

        assertThatThrownBy(() -> get(runs().append(stale, change)))
                .isInstanceOf(StaleLeaseException.class);

        assertUntouched(run, change);
        assertThat(get(backend().leases().renew(List.of(current), LEASE)))
                .containsExactly(run.id());
    }

    @Test
    void aLeaseOfAnotherWorkerChangesNothing() {
        TestRun run = submitted();
        Lease lease = claimed(run);
        RunChange change = everything(run);

        assertThatThrownBy(
                        () ->
                                get(
                                        runs().append(
                                                        new Lease(
                                                                run.id(),
                                                                "worker-2",
                                                                lease.epoch()),
                                                        change)))
                .isInstanceOf(StaleLeaseException.class);

        assertUntouched(run, change);
    }

    @Test
    void aStaleHeadChangesNothing() {
        TestRun run = submitted();
        Lease lease = claimed(run);
        RunChange late = run.change(new Next.Continue(), TestRun.checkpoint("late"));
        append(run, lease, run.change(new Next.Continue(), TestRun.started()));

        assertThatThrownBy(() -> get(runs().append(lease, late)))
                .isInstanceOf(StaleLeaseException.class);

        assertThat(get(runs().find(run.id()))).contains(run.summary());
        assertThat(get(runs().journal(run.id(), 0, 10))).hasSize(2);
    }

    @Test
    void oneLeaseUsedTwiceAtOnceAppendsOnce() {
        TestRun run = submitted();
        Lease lease = claimed(run);

        List<Boolean> done =
                atOnce(
                        12,
                        number ->
                                succeeds(
                                        runs().append(
                                                        lease,
                                                        run.change(
                                                                new Next.Continue(),
                                                                TestRun.started(),
                                                                TestRun.checkpoint(
                                                                        "c" + number)))));

        assertThat(done).filteredOn(won -> won).hasSize(1);
        assertThat(get(runs().journal(run.id(), 0, 10))).hasSize(3).allMatch(JournalEntry::intact);
    }

    @Test
    void oneLoserHurtsNobodyElse() {
        List<TestRun> all = Stream.generate(this::submitted).limit(40).toList();
        List<Lease> leases = all.stream().map(this::claimed).toList();
        int loser = 17;
        Lease stale = new Lease(all.get(loser).id(), "worker-1", 99);

        List<Boolean> done =
                atOnce(
                        all.size(),
                        number ->
                                succeeds(
                                        runs().append(
                                                        number == loser
                                                                ? stale
                                                                : leases.get(number),
                                                        all.get(number)
                                                                .change(
                                                                        new Next.Continue(),
                                                                        TestRun.started()))));

        assertThat(IntStream.range(0, all.size()).filter(number -> !done.get(number)))
                .containsExactly(loser);
        assertThat(all.stream().map(run -> get(runs().journal(run.id(), 0, 10)).size()))
                .hasSize(all.size())
                .containsOnlyOnce(1);
    }

    @Test
    void anAppendSucceedsWhateverPeopleAskOfTheRunMeanwhile() {
        List<TestRun> all = Stream.generate(this::submitted).limit(40).toList();
        List<Lease> leases = all.stream().map(this::claimed).toList();

        List<Boolean> done =
                atOnce(
                        2 * all.size(),
                        number ->
                                number < all.size()
                                        ? succeeds(
                                                runs().append(
                                                                leases.get(number),
                                                                all.get(number)
                                                                        .change(
                                                                                new Next.Continue(),
                                                                                TestRun.started())))
                                        : succeeds(asked(all.get(number - all.size()))));

        assertThat(done).doesNotContain(false);
        assertThat(get(backend().leases().renew(leases, LEASE))).hasSameSizeAs(all);
    }

    @Test
    void anAppendSaysWhetherAnythingWasAsked() {
        TestRun run = submitted();
        Lease lease = claimed(run);
        RunChange change = run.change(new Next.Continue(), TestRun.started());
        long before = get(backend().inbox().read(run.id())).wakeVersion();
        get(asked(run));

        long after = get(runs().append(lease, change));

        assertThat(after)
                .isGreaterThan(before)
                .isEqualTo(get(backend().inbox().read(run.id())).wakeVersion());
    }

    private Uni<Void> asked(TestRun run) {
        Actor olga = operator("olga", "operator");
        return backend()
                .inbox()
                .post(
                        new RunCommand(
                                new CommandId(UuidCreator.getTimeOrderedEpochPlus1()),
                                run.id(),
                                olga,
                                "because",
                                new RunCommand.Ask.Pause(),
                                micros(Instant.now())),
                        audit(olga, "run.pause", Optional.of(run.id())));
    }

    @Test
    void aRestingRunHasNoLeaseToAppendWith() {
        TestRun run = submitted();
        Lease lease = claimed(run);
        append(run, lease, run.change(rest(), TestRun.started()));
        RunChange change = everything(run);

        assertThatThrownBy(() -> get(runs().append(lease, change)))
                .isInstanceOf(StaleLeaseException.class);

        assertUntouched(run, change);
    }

    @Test
    void aChangeWithoutEntriesMovesOnlyLeaseAndWakeUp() {
        TestRun run = submitted();
        Lease lease = claimed(run);

        append(run, lease, run.change(rest()));

        assertThat(get(runs().find(run.id()))).contains(run.summary());
        assertThat(get(runs().journal(run.id(), 0, 10))).hasSize(1);
        assertThat(isClaimable(run.id())).isFalse();
    }

    @Test
    void anExpiryThatComesAfterADecisionIsStale() {
        TestRun run = submitted();
        Lease lease = claimed(run);
        Approval approval = run.approval(1, false, Optional.empty());
        append(
                run,
                lease,
                run.change(
                        new Next.Continue(),
                        Map.of(),
                        List.of(approval),
                        Map.of(approval.id(), Status.WITHDRAWN),
                        Set.of(),
                        TestRun.started()));
        RunChange expiry =
                run.change(
                        new Next.Continue(),
                        Map.of(),
                        List.of(),
                        Map.of(approval.id(), Status.EXPIRED),
                        Set.of(),
                        TestRun.checkpoint("expired"));

        assertThatThrownBy(() -> get(runs().append(lease, expiry)))
                .isInstanceOf(StaleLeaseException.class);

        assertThat(get(runs().find(run.id()))).contains(run.summary());
    }

    @Test
    void runsAreCountedByStatus() {
        submitted();
        submitted();
        ended();

        Map<RunStatus, Long> counts = get(runs().counts(tenant));

        assertThat(counts).isEqualTo(Map.of(RunStatus.QUEUED, 2L, RunStatus.FAILED, 1L));
    }

    private RunChange everything(TestRun run) {
        Json value = new JsonObject(Map.of("new", Json.number(1)));
        return run.change(
                new Next.Rest(Optional.of(java.time.Instant.now()), 0),
                Map.of(value.digest(), value),
                List.of(run.approval(1, false, Optional.empty())),
                Map.of(),
                Set.of(),
                TestRun.checkpoint("never"));
    }

    private void assertUntouched(TestRun run, RunChange refused) {
        assertThat(get(runs().find(run.id()))).contains(run.summary());
        assertThat(get(runs().journal(run.id(), run.head().seq(), 10))).isEmpty();
        assertThat(get(runs().payloads(run.id(), refused.payloads().keySet()))).isEmpty();
        assertThat(get(backend().approvals().find(refused.opened().getFirst().id()))).isEmpty();
    }

    @Test
    void aChangeCreatesChildrenAndTellsOtherRunsOrDoesNeither() {
        TestRun parent = submitted();
        TestRun child = TestRun.of(tenant);
        TestRun other = resting();
        TestRun over = submitted();
        append(
                over,
                claimed(over),
                over.change(new Next.End(), TestRun.started(), TestRun.failed()));
        RunCommand told = told(other);
        Lease stale = claimed(parent);
        RunChange change =
                related(
                        parent.change(new Next.Continue(), TestRun.started()),
                        List.of(child.submission()),
                        List.of(told, told(over)));
        Lease wrong = new Lease(stale.runId(), stale.worker(), stale.epoch() + 1);
        boolean refused = !succeeds(runs().append(wrong, change));
        Optional<RunSummary> early = get(runs().find(child.id()));

        append(parent, stale, change);

        assertThat(refused).isTrue();
        assertThat(early).isEmpty();
        assertThat(get(runs().find(child.id()))).contains(child.summary());
        assertThat(get(runs().journal(child.id(), 0, 10))).containsExactly(child.head());
        assertThat(get(runs().payloads(child.id(), Set.of(TestRun.INPUT.digest())))).hasSize(1);
        assertThat(isClaimable(child.id())).isTrue();
        assertThat(get(backend().inbox().read(other.id())).commands()).containsExactly(told);
        assertThat(isClaimable(other.id())).isTrue();
        assertThat(get(backend().inbox().read(over.id())).commands()).isEmpty();
    }

    @Test
    void aParentAndItsChildrenMayCommitAtOnce() {
        TestRun parent = resting();
        List<TestRun> children = Stream.generate(this::submitted).limit(8).toList();
        List<Lease> leases = children.stream().map(this::claimed).toList();

        atOnce(
                children.size(),
                number -> {
                    TestRun child = children.get(number);
                    append(
                            child,
                            leases.get(number),
                            related(
                                    child.change(
                                            new Next.End(), TestRun.started(), TestRun.failed()),
                                    List.of(),
                                    List.of(told(parent))));
                    return number;
                });

        assertThat(get(backend().inbox().read(parent.id())).commands()).hasSize(children.size());
        assertThat(isClaimable(parent.id())).isTrue();
    }

    private static RunCommand told(TestRun run) {
        return new RunCommand(
                new CommandId(UuidCreator.getTimeOrderedEpochPlus1()),
                run.id(),
                new Actor(
                        "run x", Actor.Plane.RUNTIME, run.summary().identity().tenant(), Set.of()),
                "The child run has ended.",
                new RunCommand.Ask.ChildSettled(
                        run.id(),
                        RunStatus.COMPLETED,
                        Optional.of(JsonCodec.parse(ODD)),
                        Optional.empty(),
                        new Usage(1, 2, 3, 4, new BigDecimal("0.25"))),
                StoreContract.micros(Instant.now()));
    }

    private static RunChange related(
            RunChange change, List<NewRun> children, List<RunCommand> posts) {
        return new RunChange(
                change.entries(),
                change.after(),
                change.payloads(),
                change.opened(),
                change.closed(),
                change.applied(),
                children,
                posts,
                change.next());
    }
}
