package dev.signalbox.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.store.RunChange.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What [RunLeases] promises.
public abstract class RunLeasesContract extends StoreContract {

    private static final int ALL = 100_000;
    private static final Duration NEVER = Duration.ofHours(1);

    private RunLeases leases() {
        return backend().leases();
    }

    @Test
    void aClaimGivesTheRunAndANewEpoch() {
        TestRun run = submitted();

        Claim claim = get(leases().claim(run.id(), "worker-1", LEASE)).orElseThrow();

        assertThat(claim.run()).isEqualTo(run.summary());
        assertThat(claim.lease()).isEqualTo(new Lease(run.id(), "worker-1", 1));
    }

    @Test
    void ofManyWhoClaimAtOnceOneGetsTheRun() {
        TestRun run = submitted();

        List<Optional<Claim>> claims =
                atOnce(24, number -> get(leases().claim(run.id(), "worker-" + number, LEASE)));

        assertThat(claims).filteredOn(Optional::isPresent).hasSize(1);
    }

    @Test
    void aLeaseThatIsAliveKeepsEverybodyOut() {
        TestRun run = submitted();
        claimed(run);

        Optional<Claim> second = get(leases().claim(run.id(), "worker-1", LEASE));

        assertThat(second).isEmpty();
    }

    @Test
    void aDeadLeaseIsTakenOverWithAHigherEpoch() {
        TestRun run = submitted();
        Lease dead = get(leases().claim(run.id(), "worker-1", SHORT)).orElseThrow().lease();
        backend().pass(LONGER);

        Lease next = get(leases().claim(run.id(), "worker-2", LEASE)).orElseThrow().lease();

        assertThat(next.epoch()).isGreaterThan(dead.epoch());
        assertThat(get(leases().renew(List.of(dead), LEASE))).isEmpty();
    }

    @Test
    void renewingKeepsALeaseAlive() {
        TestRun run = submitted();
        Lease lease =
                get(leases().claim(run.id(), "worker-1", Duration.ofMillis(400)))
                        .orElseThrow()
                        .lease();

        Set<RunId> held = get(leases().renew(List.of(lease), LEASE));
        backend().pass(Duration.ofMillis(450));

        assertThat(held).containsExactly(run.id());
        assertThat(isClaimable(run.id())).isFalse();
    }

    @Test
    void renewingTellsWhichLeasesAreLost() {
        TestRun kept = submitted();
        TestRun given = submitted();
        Lease alive = claimed(kept);
        Lease lost = claimed(given);
        get(leases().release(lost));

        Set<RunId> held = get(leases().renew(List.of(alive, lost), LEASE));

        assertThat(held).containsExactly(kept.id());
        assertThat(get(leases().renew(List.of(), LEASE))).isEmpty();
    }

    @Test
    void aReleasedRunIsDueAtOnce() {
        TestRun run = submitted();
        get(leases().dispatch(ALL, NEVER));
        Lease lease = claimed(run);

        get(leases().release(lease));

        assertThat(get(leases().dispatch(ALL, NEVER))).contains(run.id());
        assertThat(isClaimable(run.id())).isTrue();
    }

    @Test
    void aStaleLeaseReleasesNothing() {
        TestRun run = submitted();
        Lease lease = claimed(run);

        get(leases().release(new Lease(run.id(), "worker-1", lease.epoch() - 1)));

        assertThat(isClaimable(run.id())).isFalse();
    }

    @Test
    void aRestingRunWaitsForItsTime() {
        TestRun run = submitted();
        Instant due = get(leases().now()).plus(Duration.ofMillis(600));
        append(
                run,
                claimed(run),
                run.change(new Next.Rest(Optional.of(due), 0), TestRun.started()));

        boolean early = isClaimable(run.id());
        backend().pass(Duration.ofMillis(650));

        assertThat(early).isFalse();
        assertThat(isClaimable(run.id())).isTrue();
    }

    @Test
    void aRunThatHasEndedIsNeverClaimedOrDispatched() {
        TestRun run = ended();

        boolean claimable = isClaimable(run.id());

        assertThat(claimable).isFalse();
        assertThat(get(leases().dispatch(ALL, Duration.ZERO))).doesNotContain(run.id());
    }

    @Test
    void oneMessageIsSentUntilItIsTimeToSendAgain() {
        TestRun run = submitted();

        List<RunId> first = get(leases().dispatch(ALL, NEVER));
        List<RunId> second = get(leases().dispatch(ALL, NEVER));
        backend().pass(LONGER);
        List<RunId> third = get(leases().dispatch(ALL, SHORT));

        assertThat(first).contains(run.id());
        assertThat(second).doesNotContain(run.id());
        assertThat(third).contains(run.id());
    }

    @Test
    void aRunThatSomebodyWorksOnIsNotDispatchedUntilHeDies() {
        TestRun run = submitted();
        get(leases().claim(run.id(), "worker-1", SHORT));

        List<RunId> alive = get(leases().dispatch(ALL, NEVER));
        backend().pass(LONGER);
        List<RunId> dead = get(leases().dispatch(ALL, NEVER));

        assertThat(alive).doesNotContain(run.id());
        assertThat(dead).contains(run.id());
    }

    @Test
    void theMostUrgentGoFirstAndThenTheOldest() {
        TestRun old = submitted(TestRun.of(tenant, "agent", Map.of(), 1));
        TestRun young = submitted(TestRun.of(tenant, "agent", Map.of(), 1));
        TestRun urgent = submitted(TestRun.of(tenant, "agent", Map.of(), 9));

        List<RunId> sent = get(leases().dispatch(ALL, NEVER));

        Set<RunId> mine = Set.of(old.id(), young.id(), urgent.id());
        assertThat(sent)
                .filteredOn(mine::contains)
                .containsExactly(urgent.id(), old.id(), young.id());
    }

    @Test
    void tenantsAndDefinitionsTakeTurns() {
        List<RunId> backlog = new ArrayList<>();
        for (int number = 0; number < 20; number++) {
            backlog.add(submitted(TestRun.of(tenant, "agent", Map.of(), 7)).id());
        }
        RunId other = submitted(TestRun.of(tenant, "another", Map.of(), 7)).id();
        RunId neighbour = submitted(TestRun.of(tenant + "-2", "agent", Map.of(), 7)).id();

        List<RunId> sent = get(leases().dispatch(ALL, NEVER));

        List<RunId> mine =
                sent.stream()
                        .filter(
                                id ->
                                        backlog.contains(id)
                                                || id.equals(other)
                                                || id.equals(neighbour))
                        .toList();
        assertThat(mine.subList(0, 3))
                .containsExactlyInAnyOrder(backlog.getFirst(), other, neighbour);
        assertThat(mine.subList(3, 22)).isEqualTo(backlog.subList(1, 20));
    }

    @Test
    void noMoreThanWanted() {
        for (int number = 0; number < 5; number++) {
            submitted();
        }

        List<RunId> sent = get(leases().dispatch(3, NEVER));

        assertThat(sent).hasSize(3);
    }

    @Test
    void twoWhoDispatchAtOnceSendDifferentRuns() {
        for (int number = 0; number < 40; number++) {
            submitted();
        }

        List<List<RunId>> sent = atOnce(4, _ -> get(leases().dispatch(ALL, NEVER)));

        List<RunId> all = sent.stream().flatMap(List::stream).toList();
        assertThat(new HashSet<>(all)).hasSameSizeAs(all);
    }

    @Test
    void theClockGoesOn() {
        Instant before = get(leases().now());
        backend().pass(SHORT);

        Instant after = get(leases().now());

        assertThat(after).isAfterOrEqualTo(before.plus(SHORT));
    }
}
