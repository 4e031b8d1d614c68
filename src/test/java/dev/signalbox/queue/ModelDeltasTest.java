package dev.signalbox.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.store.Broadcasts;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelDeltasTest {

    private static final RunId RUN = RunId.of("01890a5d-ac96-774b-bcce-b302099a8057");
    private static final EffectId EFFECT = new EffectId(RUN + "-m1");

    /// One store that two processes use.
    private static final class Hub implements Broadcasts {

        private final BroadcastProcessor<String> said = BroadcastProcessor.create();
        private final List<String> all = new CopyOnWriteArrayList<>();

        @Override
        public Uni<Void> say(String words) {
            assertThat(words.length()).isLessThanOrEqualTo(LONGEST);
            all.add(words);
            said.onNext(words);
            return Uni.createFrom().voidItem();
        }

        @Override
        public Multi<String> heard() {
            return said;
        }
    }

    private final Hub hub = new Hub();
    private volatile Instant now = Instant.parse("2026-05-01T10:00:00Z");
    private final ModelDeltas worker = new ModelDeltas(hub, () -> now);
    private final ModelDeltas front = new ModelDeltas(hub, () -> now);
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    @BeforeEach
    void listen() {
        worker.listen(new StartupEvent());
        front.listen(new StartupEvent());
    }

    @Test
    void nobodyIsToldAnythingWhileNobodyWatches() {
        assertThat(worker.speaker(RUN, EFFECT, 1)).isEmpty();
    }

    @Test
    void whoWatchesInTheSameProcessHearsItWithoutAWordToOthers() {
        AssertSubscriber<ModelDelta> watcher = watch(worker);
        hub.all.clear();

        say("Refunded.");

        assertThat(text(watcher)).isEqualTo("Refunded.");
        assertThat(hub.all).noneMatch(words -> words.contains("Refunded"));
    }

    @Test
    void whoWatchesInAnotherProcessHearsIt() {
        AssertSubscriber<ModelDelta> watcher = watch(front);
        Awaitility.await().until(() -> worker.speaker(RUN, EFFECT, 1).isPresent());

        say("Grüße, \uD83D\uDE00 ".repeat(300));

        Awaitility.await().until(() -> text(watcher).length() == 10 * 300);
        assertThat(text(watcher)).isEqualTo("Grüße, \uD83D\uDE00 ".repeat(300));
        long at = 0;
        for (ModelDelta delta : watcher.getItems()) {
            assertThat(delta.offset()).isEqualTo(at);
            assertThat(delta.attempt()).isEqualTo(1);
            assertThat(Character.isHighSurrogate(delta.text().charAt(delta.text().length() - 1)))
                    .isFalse();
            at += delta.text().length();
        }
    }

    @Test
    void whoHasLeftAnotherProcessIsForgotten() {
        AssertSubscriber<ModelDelta> watcher = watch(front);
        Awaitility.await().until(() -> worker.speaker(RUN, EFFECT, 1).isPresent());
        watcher.cancel();

        now = now.plus(Duration.ofMinutes(1));

        assertThat(worker.speaker(RUN, EFFECT, 1)).isEmpty();
        assertThat(front.speaker(RUN, EFFECT, 1)).isEmpty();
    }

    @Test
    void partsThatComeFastAreOneMessage() {
        AssertSubscriber<ModelDelta> watcher = watch(worker);
        Speaker speaker = worker.speaker(RUN, EFFECT, 1).orElseThrow();

        for (int index = 0; index < 100; index++) {
            speaker.accept("x");
        }
        speaker.end();

        assertThat(text(watcher)).hasSize(100);
        assertThat(watcher.getItems()).hasSizeLessThan(50);
    }

    @Test
    void partsComeOutWithoutAnEnd() {
        AssertSubscriber<ModelDelta> watcher = watch(worker);
        Speaker speaker = worker.speaker(RUN, EFFECT, 1).orElseThrow();

        speaker.accept("soon");
        Awaitility.await().until(() -> text(watcher).equals("soon"));
        speaker.accept(" enough");

        Awaitility.await().until(() -> text(watcher).equals("soon enough"));
    }

    @Test
    void watchingEndsWithTheRun() {
        AssertSubscriber<ModelDelta> watcher = watch(worker);

        end.complete(null);

        watcher.awaitCompletion();
        assertThat(worker.speaker(RUN, EFFECT, 1)).isEmpty();
    }

    @Test
    void wordsOfSomethingElseChangeNothing() {
        AssertSubscriber<ModelDelta> watcher = watch(front);

        for (String words :
                List.of("", "no json", "{}", "{\"by\":1}", "{\"by\":\"x\",\"watched\":\"y\"}")) {
            hub.said.onNext(words);
        }
        Awaitility.await().until(() -> worker.speaker(RUN, EFFECT, 1).isPresent());
        say("still here");

        Awaitility.await().until(() -> text(watcher).equals("still here"));
    }

    private AssertSubscriber<ModelDelta> watch(ModelDeltas deltas) {
        return deltas.of(RUN, Uni.createFrom().completionStage(end))
                .subscribe()
                .withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
    }

    private void say(String text) {
        Optional<Speaker> speaker = worker.speaker(RUN, EFFECT, 1);
        speaker.orElseThrow().accept(text);
        speaker.orElseThrow().end();
    }

    private static String text(AssertSubscriber<ModelDelta> watcher) {
        return String.join("", watcher.getItems().stream().map(ModelDelta::text).toList());
    }
}
