package dev.signalbox.runtime.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.definition.CelExpressions;
import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.definition.Schemas;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Redactor;
import dev.signalbox.observe.RunMetrics;
import dev.signalbox.runtime.sink.EventSink.NotNow;
import dev.signalbox.runtime.sink.EventSink.Refused;
import dev.signalbox.runtime.sink.SinkTerms.Globs;
import dev.signalbox.store.EventOutbox;
import dev.signalbox.store.EventOutbox.DeadLetter;
import dev.signalbox.store.EventOutbox.Note;
import dev.signalbox.store.memory.MemoryDatabase;
import dev.signalbox.support.Journals;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a sink is told, whatever it answers and whoever dies.
class SinkLoopTest {

    private static final String SINK = "audit";
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 4;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final MemoryDatabase store = new MemoryDatabase(() -> now);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<String> taken = new ArrayList<>();
    private Consumer<OutgoingEvent> answer = _ -> {};

    @BeforeEach
    void open() {
        store.outbox().open(Set.of(SINK), Duration.ofDays(1)).await().atMost(SOON);
    }

    @Test
    void everyEventOfARunComesOnceInOrder() {
        // Given
        Journals run = completed();
        SinkLoop loop = loop();

        // When
        goOn(loop, Duration.ZERO);
        goOn(loop, Duration.ofMinutes(10));

        // Then
        assertThat(taken).isEqualTo(events(run));
        assertThat(waiting()).isEmpty();
        assertThat(registry.get("signalbox.sinks.deliveries").timer().count())
                .isEqualTo(taken.size());
    }

    @Test
    void anEventThatIsNotTakenHoldsUpItsOwnRunAndNoOther() {
        // Given
        Journals stuck = completed();
        Journals other = completed();
        answer = notNow(stuck.id(), 3);
        SinkLoop loop = loop();

        // When
        goOn(loop, Duration.ofMillis(400));

        // Then
        assertThat(of(stuck)).isEqualTo(events(stuck).subList(0, 2));
        assertThat(of(other)).isEqualTo(events(other));
        assertThat(loop.lag()).isPositive();
    }

    @Test
    void itIsTriedAgainAndNothingBeforeItIsSentTwice() {
        // Given
        Journals run = completed();
        answer = notNow(run.id(), 3);
        SinkLoop loop = loop();
        goOn(loop, Duration.ZERO);

        // When
        answer = _ -> {};
        goOn(loop, Duration.ofSeconds(1));

        // Then
        assertThat(taken).isEqualTo(events(run));
        assertThat(waiting()).isEmpty();
        assertThat(loop.lag()).isZero();
    }

    @Test
    void aProcessThatDiesBeforeItHasNotedTheDeliveryLosesNothing() {
        // Given
        Journals run = completed();
        SinkLoop dying = loop("worker-1", new Deaf(store.outbox()));
        dying.round().await().atMost(SOON);
        List<String> before = List.copyOf(taken);

        // When
        pass(LEASE.plusSeconds(1));
        goOn(loop("worker-2", store.outbox()), Duration.ZERO);

        // Then
        assertThat(before).isEqualTo(events(run));
        assertThat(taken.subList(before.size(), taken.size())).isEqualTo(events(run));
        assertThat(waiting()).isEmpty();
    }

    @Test
    void oneProcessDeliversWhileItGivesSignsOfLife() {
        // Given
        completed();
        answer =
                _ -> {
                    throw new NotNow("busy");
                };
        loop("worker-1", store.outbox()).round().await().atMost(SOON);
        answer = _ -> {};

        // When
        goOn(loop("worker-2", store.outbox()), Duration.ofSeconds(20));

        // Then
        assertThat(taken).isEmpty();
    }

    @Test
    void nothingIsSentWhenAnotherProcessMayHaveTheSink() {
        // Given
        Journals run = completed();
        answer = _ -> pass(Duration.ofSeconds(7));
        SinkLoop loop = loop();

        // When
        loop.round().await().atMost(SOON);

        // Then
        assertThat(taken).isEqualTo(events(run).subList(0, 3));
        assertThat(waiting()).isNotEmpty();
    }

    @Test
    void itIsGivenUpAfterTheLastAttemptAndWhatComesAfterGoesOn() {
        // Given
        Journals run = completed();
        List<Instant> attempts = new ArrayList<>();
        answer =
                event -> {
                    if (event.entry().seq() == 3) {
                        attempts.add(now);
                        throw new NotNow("the answer was 503");
                    }
                };
        SinkLoop loop = loop();

        // When
        for (int round = 0; round < 100; round++) {
            goOn(loop, Duration.ofMillis(100));
        }

        // Then
        assertThat(attempts).hasSize(ATTEMPTS);
        assertThat(Duration.between(attempts.get(1), attempts.get(2)))
                .isGreaterThan(Duration.between(attempts.get(0), attempts.get(1)));
        assertThat(dead())
                .singleElement()
                .satisfies(letter -> assertThat(letter.seq()).isEqualTo(3))
                .satisfies(letter -> assertThat(letter.run()).isEqualTo(run.id()))
                .satisfies(letter -> assertThat(letter.reason()).isEqualTo("the answer was 503"));
        assertThat(taken).isEqualTo(without(events(run), 2));
        assertThat(waiting()).isEmpty();
    }

    @Test
    void anEventThatIsRefusedIsGivenUpAtOnce() {
        // Given
        Journals run = completed();
        answer =
                event -> {
                    if (event.entry().seq() == 2) {
                        throw new Refused("the answer was 400");
                    }
                };

        // When
        goOn(loop(), Duration.ZERO);

        // Then
        assertThat(dead()).extracting(DeadLetter::reason).containsExactly("the answer was 400");
        assertThat(taken).isEqualTo(without(events(run), 1));
    }

    @Test
    void aFailureOfAnotherKindIsKeptWithoutItsMessage() {
        // Given
        completed();
        answer =
                _ -> {
                    throw new IllegalStateException("planted-secret");
                };
        SinkLoop loop = loop();

        // When
        for (int round = 0; round < 60; round++) {
            goOn(loop, Duration.ofMillis(500));
        }

        // Then
        assertThat(dead())
                .isNotEmpty()
                .extracting(DeadLetter::reason)
                .containsOnly("IllegalStateException");
    }

    @Test
    void aSinkThatTakesNothingIsNotAskedForEveryRun() {
        // Given
        List<Journals> runs = IntStream.range(0, 300).mapToObj(_ -> completed()).toList();
        List<String> asked = new ArrayList<>();
        answer =
                event -> {
                    asked.add(event.id());
                    throw new NotNow("the answer was 503");
                };
        SinkLoop loop = loop();

        // When
        for (int round = 0; round < 20; round++) {
            goOn(loop, Duration.ofMillis(1));
        }
        int askedWhenDown = asked.size();
        answer = _ -> {};
        for (int round = 0; round < 60; round++) {
            goOn(loop, Duration.ofSeconds(1));
        }

        // Then
        assertThat(askedWhenDown).isLessThanOrEqualTo(64);
        assertThat(runs).allSatisfy(run -> assertThat(of(run)).isEqualTo(events(run)));
    }

    @Test
    void onlyWhatIsAskedForGoesOut() {
        // Given
        Journals run = completed();
        SinkLoop loop =
                new SinkLoop(
                        terms(List.of("dev.signalbox.run.*"), List.of("default")),
                        "worker-1",
                        sink(),
                        parts(store.outbox()));
        SinkLoop other =
                new SinkLoop(
                        terms(List.of("*"), List.of("acme-*")),
                        "worker-1",
                        sink(),
                        parts(store.outbox()));

        // When
        goOn(loop, Duration.ZERO);
        completed();
        goOn(other, Duration.ZERO);

        // Then
        assertThat(taken).containsExactly(run.id() + "/2", run.id() + "/" + events(run).size());
        assertThat(waiting()).isEmpty();
    }

    private Journals completed() {
        return Journals.of("greeter", "{\"name\": \"Ann\"}", now)
                .started()
                .says("Hello Ann")
                .completed("{\"greeting\": \"Hello\"}")
                .into(store.runs(), store.leases());
    }

    private static List<String> events(Journals run) {
        return IntStream.rangeClosed(1, run.history().size())
                .mapToObj(seq -> run.id() + "/" + seq)
                .toList();
    }

    private static List<String> without(List<String> events, int index) {
        List<String> rest = new ArrayList<>(events);
        rest.remove(index);
        return rest;
    }

    private List<String> of(Journals run) {
        return taken.stream().filter(id -> id.startsWith(run.id().toString())).toList();
    }

    private static Consumer<OutgoingEvent> notNow(RunId run, long seq) {
        return event -> {
            if (event.run().id().equals(run) && event.entry().seq() == seq) {
                throw new NotNow("the answer was 503");
            }
        };
    }

    private EventSink sink() {
        return event ->
                Uni.createFrom()
                        .voidItem()
                        .invoke(
                                () -> {
                                    answer.accept(event);
                                    taken.add(event.id());
                                });
    }

    private SinkLoop loop() {
        return loop("worker-1", store.outbox());
    }

    private SinkLoop loop(String worker, EventOutbox outbox) {
        return new SinkLoop(terms(List.of("*"), List.of("*")), worker, sink(), parts(outbox));
    }

    private static SinkTerms terms(List<String> types, List<String> tenants) {
        return new SinkTerms(
                SINK,
                true,
                Globs.of(types),
                Globs.of(List.of("*")),
                Globs.of(tenants),
                OptionalInt.of(ATTEMPTS),
                LEASE);
    }

    private SinkLoop.Parts parts(EventOutbox outbox) {
        Redactor redactor = Redactor.DEFAULT;
        return new SinkLoop.Parts(
                outbox,
                store.runs(),
                new EventContents(
                        store.runs(),
                        new RunSchemas(
                                store.definitions(),
                                new DefinitionReader(new CelExpressions(), new Schemas())),
                        new SensitiveTexts(store.runs(), redactor),
                        redactor),
                new ProposedCalls(store.runs()),
                RunMetrics.to(registry),
                () -> now);
    }

    /// Rounds until there is nothing to do at once, and then time passes.
    private void goOn(SinkLoop loop, Duration time) {
        for (int round = 0; round < 50; round++) {
            if (!loop.round().await().atMost(SOON).isZero()) {
                break;
            }
        }
        pass(time);
        loop.round().await().atMost(SOON);
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private List<Note> waiting() {
        pass(LEASE.multipliedBy(2));
        return store.outbox().take(SINK, "probe", LEASE, 100, Set.of()).await().atMost(SOON);
    }

    private List<DeadLetter> dead() {
        return store.outbox().deadLetters(SINK, 100).await().atMost(SOON);
    }

    /// An outbox whose process is gone before it can settle anything.
    private record Deaf(EventOutbox outbox) implements EventOutbox {
        @Override
        public Uni<Void> open(Set<String> sinks, Duration retired) {
            return outbox.open(sinks, retired);
        }

        @Override
        public Uni<List<Note>> take(
                String sink, String worker, Duration lease, int limit, Set<RunId> except) {
            return outbox.take(sink, worker, lease, limit, except);
        }

        @Override
        public Uni<Void> settle(String sink, Collection<Note> notes, List<DeadLetter> dead) {
            return Uni.createFrom().failure(new IllegalStateException("the process is dead"));
        }

        @Override
        public Uni<List<DeadLetter>> deadLetters(String sink, int limit) {
            return outbox.deadLetters(sink, limit);
        }
    }
}
