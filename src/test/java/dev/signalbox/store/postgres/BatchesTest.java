package dev.signalbox.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is sent when, and what becomes of those who share a batch with one that fails.
class BatchesTest {

    private final List<List<Integer>> sent = new ArrayList<>();
    private final List<UniEmitter<? super List<Optional<String>>>> open = new ArrayList<>();
    private final Batches<Integer, String> batches =
            new Batches<>(4, number -> number % 100, this::send);

    private Uni<List<Optional<String>>> send(List<Integer> items) {
        return Uni.createFrom()
                .emitter(
                        emitter -> {
                            sent.add(items);
                            open.add(emitter);
                        });
    }

    private UniAssertSubscriber<Optional<String>> submit(int number) {
        return batches.submit(number).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    private void answer(int batch) {
        open.get(batch)
                .complete(sent.get(batch).stream().map(n -> Optional.of("done " + n)).toList());
    }

    @Test
    void oneAloneIsSentAtOnce() {
        UniAssertSubscriber<Optional<String>> one = submit(1);

        answer(0);

        one.assertItem(Optional.of("done 1"));
        assertThat(sent).containsExactly(List.of(1));
    }

    @Test
    void whatComesMeanwhileIsTheNextBatchUpToItsLimit() {
        IntStream.rangeClosed(1, 7).forEach(this::submit);

        answer(0);
        answer(1);

        assertThat(sent).containsExactly(List.of(1), List.of(2, 3, 4, 5), List.of(6, 7));
    }

    @Test
    void twoOfOneKeyNeverShareABatchAndKeepTheirOrder() {
        submit(1);
        List.of(7, 107, 8, 207).forEach(this::submit);

        answer(0);
        answer(1);
        answer(2);

        assertThat(sent).containsExactly(List.of(1), List.of(7, 8), List.of(107), List.of(207));
    }

    @Test
    void ofARefusedBatchOnlyTheOneAtFaultFails() {
        submit(1);
        UniAssertSubscriber<Optional<String>> good = submit(2);
        UniAssertSubscriber<Optional<String>> bad = submit(3);
        answer(0);

        open.get(1).fail(new IllegalStateException("one of you is wrong"));
        answer(2);
        open.get(3).fail(new IllegalStateException("you are wrong"));

        good.assertItem(Optional.of("done 2"));
        bad.assertFailedWith(IllegalStateException.class, "you are wrong");
    }

    @Test
    void aBatchOfUnknownOutcomeIsNotSentAgain() {
        submit(1);
        UniAssertSubscriber<Optional<String>> left = submit(2);
        UniAssertSubscriber<Optional<String>> right = submit(3);
        answer(0);

        open.get(1).fail(ProblemException.of(ProblemCode.UNAVAILABLE, "gone"));

        left.assertFailedWith(ProblemException.class);
        right.assertFailedWith(ProblemException.class);
        assertThat(sent).hasSize(2);
    }

    @Test
    void whoeverABatchMissesIsAskedForOnceMoreAlone() {
        submit(1);
        UniAssertSubscriber<Optional<String>> found = submit(2);
        UniAssertSubscriber<Optional<String>> missed = submit(3);
        answer(0);

        open.get(1).complete(List.of(Optional.of("done 2"), Optional.empty()));
        open.get(2).complete(List.of(Optional.empty()));

        found.assertItem(Optional.of("done 2"));
        missed.assertItem(Optional.empty());
        assertThat(sent).containsExactly(List.of(1), List.of(2, 3), List.of(3));
    }

    @Test
    void anInterludeComesBetweenTwoBatches() {
        submit(1);
        UniAssertSubscriber<Integer> interlude =
                batches.between(() -> Uni.createFrom().item(sent.size()))
                        .subscribe()
                        .withSubscriber(UniAssertSubscriber.create());
        submit(2);

        answer(0);

        interlude.assertItem(1);
        assertThat(sent).containsExactly(List.of(1), List.of(2));
    }
}
