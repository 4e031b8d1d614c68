package dev.signalbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signalbox.support.Caller;
import dev.signalbox.support.EventReader;
import dev.signalbox.support.Load;
import dev.signalbox.support.Reckoning;
import dev.signalbox.support.Signal;
import dev.signalbox.support.SignalboxProcess;
import dev.signalbox.support.SkewedClock;
import dev.signalbox.support.TcpProxy;
import dev.signalbox.support.Yard;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Two workers whose clocks are four hours apart, one that stands still and wakes up late, one that
/// leaves in the middle of its work, and clients whose connections break.
class WorkerFaultIT {

    private static final int RUNS = Integer.getInteger("signalbox.test.fault-runs", 300);
    private static final Duration LOAD = Duration.ofSeconds(6);
    private static final Duration SKEW = Duration.ofHours(2);
    private static final Duration SLOW = Duration.ofMillis(300);
    private static final Duration SLOWER = Duration.ofMillis(900);
    private static final Duration QUICK = Duration.ofMillis(40);

    private static Yard yard;
    private static SignalboxProcess ahead;
    private static SignalboxProcess behind;

    /// It works on nothing itself, so what comes through it is for whoever has room.
    private static SignalboxProcess front;

    @BeforeAll
    static void start() {
        yard = Yard.open("worker-faults");
        ahead = yard.worker("ahead").option(SkewedClock.option(SKEW)).launch();
        behind = yard.worker("behind").option(SkewedClock.option(SKEW.negated())).launch();
        front = yard.worker("front").with("SIGNALBOX_ROLES", "request").launch();
        ahead.awaitReady();
        behind.awaitReady();
        front.awaitReady();
    }

    @AfterAll
    static void stop() {
        yard.close();
    }

    @Test
    void clocks_that_are_hours_apart_make_no_difference() {
        // Given
        yard.effects().delay(QUICK);
        List<Caller> doors = List.of(Caller.submitter(ahead), Caller.submitter(behind));

        // When
        try (Load load = new Load("skew", "effects-agent", doors).begin(RUNS, LOAD)) {

            // Then
            assertThat(load.submitted().wrong()).isEmpty();
            assertThat(load.accepted()).hasSize(RUNS);
            reckoned(load);
        }
    }

    @Test
    void a_worker_that_stood_still_past_its_lease_writes_nothing_more() throws Exception {
        // Given
        yard.effects().delay(SLOW);
        List<Caller> doors = List.of(Caller.submitter(front));
        try (Load load = new Load("frozen", "effects-agent", doors).begin(RUNS, LOAD)) {
            await().until(() -> yard.heldBy(behind).size() >= 10);

            // When
            Set<String> held;
            behind.signal(Signal.STOP);
            try {
                held = yard.heldBy(behind);
                load.submitted();
                reckoned(load);
            } finally {
                behind.signal(Signal.CONT);
            }

            // Then
            assertThat(held).isNotEmpty();
            await().atMost(Duration.ofSeconds(20))
                    .until(
                            () ->
                                    behind.log().contains("left to its newer worker")
                                            && yard.heldBy(behind).isEmpty());
            assertThat(reckoned(load)).isZero();
            assertThat(load.wrong()).isEmpty();
            assertThat(load.accepted()).hasSize(RUNS);
        }
    }

    @Test
    void a_worker_that_leaves_hands_its_runs_over_at_once() throws Exception {
        // Given
        yard.effects().delay(SLOWER);
        List<Caller> doors = List.of(Caller.submitter(front));
        SignalboxProcess leaving =
                yard.worker("leaving")
                        .with("SIGNALBOX_RUNTIME_LEASE", "PT60S")
                        .with("SIGNALBOX_RUNTIME_RENEW", "PT15S")
                        .start();
        String parked = parked();
        try (Load load = new Load("leaving", "effects-agent", doors).begin(RUNS, LOAD);
                EventReader follower = new EventReader(leaving.requestUri(), parked);
                InputStream _ = follower.open()) {
            await().until(() -> yard.heldBy(leaving).size() >= 10);

            // When
            Set<String> held = yard.heldBy(leaving);
            long asked = System.nanoTime();
            leaving.signal(Signal.TERM);

            // Then
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> yard.takenOver(held, leaving).size() == held.size());
            Duration handedOver = Duration.ofNanos(System.nanoTime() - asked);
            int code = leaving.awaitEnd();
            Duration ended = Duration.ofNanos(System.nanoTime() - asked);
            System.out.printf(
                    "leaving: %d runs handed over in %s, exit %d after %s%n",
                    held.size(), handedOver, code, ended);
            assertThat(handedOver).isLessThan(Duration.ofSeconds(10));
            assertThat(ended).isLessThan(Duration.ofSeconds(15));
            assertThat(yard.inDoubt(held)).isEmpty();
            assertThat(load.submitted().wrong()).isEmpty();
            reckoned(load);
            assertThat(leaving.log()).doesNotContain("ERROR");
        }
    }

    @Test
    void a_stream_that_breaks_again_and_again_loses_nothing() throws Exception {
        // Given
        yard.effects().delay(SLOWER);
        try (TcpProxy network = TcpProxy.to(ahead.requestUri().getPort());
                ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
                Load load = load("streams", 20)) {
            URI door = URI.create("http://127.0.0.1:" + network.port());
            List<Future<EventReader>> reading = new ArrayList<>();
            for (String run : load.accepted().keySet()) {
                Callable<EventReader> reader =
                        () -> {
                            try (EventReader events = new EventReader(door, run)) {
                                return events.read();
                            }
                        };
                reading.add(readers.submit(reader));
            }

            // When
            for (int breaks = 0; breaks < 8; breaks++) {
                Thread.sleep(SLOW);
                network.reset();
            }

            // Then
            reckoned(load);
            int connections = 0;
            for (Future<EventReader> reader : reading) {
                EventReader read = reader.get(30, TimeUnit.SECONDS);
                connections += read.connections();
                assertThat(read.events())
                        .extracting(event -> event.path("seq").asLong())
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(1, read.events().size()).boxed().toList());
                assertThat(read.events().getLast().path("type").asText())
                        .isEqualTo("run_completed");
            }
            assertThat(connections).isGreaterThan(2 * reading.size());
        }
    }

    @Test
    void readers_that_do_not_read_are_in_nobodys_way() throws Exception {
        // Given
        yard.effects().delay(QUICK);
        String large =
                """
                {"definition": "effects-agent", "input": {"ref": "large", "text": "%s"}}"""
                        .formatted("x".repeat(1_000_000));
        Caller.Answer answer = Caller.submitter(ahead).post("/v1/runs", large);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        List<InputStream> unread = new ArrayList<>();
        List<EventReader> slow = new ArrayList<>();
        for (int reader = 0; reader < 20; reader++) {
            EventReader events = new EventReader(ahead.requestUri(), answer.at("/id"));
            slow.add(events);
            unread.add(events.open());
        }

        // When
        try (Load load = load("beside", 20);
                ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            long begun = System.nanoTime();
            List<Future<EventReader>> reading = new ArrayList<>();
            for (String run : load.accepted().keySet()) {
                reading.add(
                        readers.submit(
                                () -> {
                                    try (EventReader events =
                                            new EventReader(ahead.requestUri(), run)) {
                                        return events.read();
                                    }
                                }));
            }
            for (Future<EventReader> reader : reading) {
                reader.get(30, TimeUnit.SECONDS);
            }

            // Then
            System.out.printf(
                    "beside: 20 streams in %s%n", Duration.ofNanos(System.nanoTime() - begun));
            reckoned(load);
        } finally {
            for (InputStream stream : unread) {
                stream.close();
            }
            slow.forEach(EventReader::close);
        }
    }

    /// A run that nothing happens to until a person releases it.
    private static String parked() {
        Caller submitter = Caller.submitter(ahead);
        Caller.Answer run =
                submitter.post(
                        "/v1/runs",
                        "{\"definition\": \"effects-agent\", \"input\": {\"ref\": \"parked\"}}");
        String id = run.at("/id");
        Caller.Answer held =
                Caller.operator(ahead)
                        .post(
                                "/operator/v1/runs/" + id + "/hold",
                                "{\"reason\": \"to be followed\"}");
        assertThat(held.status()).as(held.text()).isEqualTo(202);
        await().until(() -> submitter.get("/v1/runs/" + id).at("/status").equals("held"));
        return id;
    }

    private static Load load(String name, int runs) {
        return new Load(name, "effects-agent", List.of(Caller.submitter(ahead)))
                .begin(runs, Duration.ofMillis(200))
                .submitted();
    }

    private static int reckoned(Load load) {
        int reconciled = Reckoning.of(load, Caller.operator(ahead), yard.effects());
        System.out.printf("%s: %s, %d reconciled%n", load.name(), load.statuses(), reconciled);
        return reconciled;
    }
}
