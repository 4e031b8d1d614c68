package dev.signalbox.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.signalbox.store.EventOutbox.DeadLetter;
import dev.signalbox.store.EventOutbox.Note;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What [EventOutbox] promises.
public abstract class EventOutboxContract extends StoreContract {

    private static final Duration RETIRED = Duration.ofDays(1);

    private String sink() {
        return "sink-of-" + tenant;
    }

    private void open(String... sinks) {
        get(backend().outbox().open(Set.of(sinks), RETIRED));
    }

    @AfterEach
    void closeAll() {
        backend().pass(Duration.ofMillis(2));
        get(backend().outbox().open(Set.of("other"), Duration.ofNanos(1000)));
    }

    @Test
    void everyCommitLeavesANoteWithItsPartOfTheJournal() {
        open(sink());
        TestRun run = submitted();
        append(run, claimed(run), run.change(rest(), TestRun.started()));

        List<Note> notes = taken("worker-1", 10);

        assertThat(notes).extracting(Note::run).containsOnly(run.id());
        assertThat(notes).extracting(Note::afterSeq).containsExactly(0L, 1L);
        assertThat(notes).extracting(Note::lastSeq).containsExactly(1L, run.summary().headSeq());
        assertThat(notes).extracting(Note::position).isSorted();
    }

    @Test
    void whatIsRefusedLeavesNone() {
        open(sink());
        TestRun run = submitted();
        Lease lease = claimed(run);
        RunChange late = run.change(rest(), TestRun.started());
        append(run, lease, run.change(rest(), TestRun.started()));
        int before = taken("worker-1", 10).size();

        assertThatThrownBy(() -> get(backend().runs().append(lease, late)))
                .isInstanceOf(StaleLeaseException.class);

        assertThat(taken("worker-1", 10)).hasSize(before);
    }

    @Test
    void aNoteComesAgainUntilItIsSettled() {
        open(sink());
        submitted();
        submitted();
        List<Note> first = taken("worker-1", 1);

        List<Note> again = taken("worker-1", 1);
        get(backend().outbox().settle(sink(), first, List.of()));
        get(backend().outbox().settle(sink(), first, List.of()));

        assertThat(again).isEqualTo(first);
        assertThat(taken("worker-1", 10)).hasSize(1).doesNotContainAnyElementsOf(first);
    }

    @Test
    void runsThatAreLeftForLaterDoNotStandInTheWay() {
        open(sink());
        TestRun stuck = submitted();
        TestRun other = submitted();

        List<Note> notes =
                get(backend().outbox().take(sink(), "worker-1", LEASE, 1, Set.of(stuck.id())));

        assertThat(notes).extracting(Note::run).containsExactly(other.id());
    }

    @Test
    void runsThatARunStartsAreNotedToo() {
        open(sink());
        TestRun parent = submitted();
        TestRun child = TestRun.of(tenant);
        RunChange starting = parent.change(rest(), TestRun.started());
        append(
                parent,
                claimed(parent),
                new RunChange(
                        starting.entries(),
                        starting.after(),
                        starting.payloads(),
                        starting.opened(),
                        starting.closed(),
                        starting.applied(),
                        List.of(child.submission()),
                        List.of(),
                        starting.next()));

        List<Note> notes = taken("worker-1", 10);

        assertThat(notes)
                .filteredOn(note -> note.run().equals(child.id()))
                .extracting(Note::afterSeq, Note::lastSeq)
                .containsExactly(tuple(0L, 1L));
    }

    @Test
    void whoHasNoSinksClosesNone() {
        open(sink());
        backend().pass(LONGER);

        get(backend().outbox().open(Set.of(), SHORT));
        submitted();

        assertThat(taken("worker-1", 10)).hasSize(1);
    }

    @Test
    void sinksDoNotTakeFromOneAnother() {
        String second = sink() + "-2";
        open(sink(), second);
        submitted();

        get(backend().outbox().settle(sink(), taken("worker-1", 10), List.of()));

        assertThat(taken("worker-1", 10)).isEmpty();
        assertThat(get(backend().outbox().take(second, "worker-1", LEASE, 10, Set.of())))
                .hasSize(1);
    }

    @Test
    void openingAgainLosesNothing() {
        open(sink());
        submitted();

        open(sink());

        assertThat(taken("worker-1", 10)).hasSize(1);
    }

    @Test
    void oneProcessAtATimeDelivers() {
        open(sink());
        submitted();
        get(backend().outbox().take(sink(), "worker-1", SHORT, 10, Set.of()));

        List<Note> early = taken("worker-2", 10);
        backend().pass(LONGER);
        List<Note> late = taken("worker-2", 10);

        assertThat(early).isEmpty();
        assertThat(late).hasSize(1);
    }

    @Test
    void aSinkThatNobodyAsksForIsClosedInTheEnd() {
        open(sink());
        submitted();
        backend().pass(LONGER);

        get(backend().outbox().open(Set.of(sink() + "-other"), SHORT));
        submitted();

        assertThat(taken("worker-1", 10)).isEmpty();
    }

    @Test
    void whatIsGivenUpIsKept() {
        open(sink());
        TestRun run = submitted();
        List<DeadLetter> dead =
                IntStream.rangeClosed(1, 3)
                        .mapToObj(
                                seq ->
                                        new DeadLetter(
                                                run.id(), seq, micros(Instant.now()), "status 400"))
                        .toList();

        get(backend().outbox().settle(sink(), taken("worker-1", 10), dead));

        assertThat(get(backend().outbox().deadLetters(sink(), 10))).isEqualTo(dead.reversed());
        assertThat(get(backend().outbox().deadLetters(sink() + "-2", 10))).isEmpty();
    }

    private List<Note> taken(String worker, int limit) {
        return get(backend().outbox().take(sink(), worker, LEASE, limit, Set.of()));
    }
}
