package dev.signalbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.support.Caller;
import dev.signalbox.support.Load;
import dev.signalbox.support.Reckoning;
import dev.signalbox.support.Signal;
import dev.signalbox.support.SignalboxProcess;
import dev.signalbox.support.TcpProxy;
import dev.signalbox.support.Yard;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What two processes stand on goes away under load and comes back: nothing is lost, nothing
/// happens
/// twice, and clients hear of nothing but "try again".
class FaultIT {

    private static final int RUNS = Integer.getInteger("signalbox.test.fault-runs", 300);
    private static final Duration BROKER_AWAY =
            Duration.ofSeconds(Integer.getInteger("signalbox.test.broker-away-seconds", 15));
    private static final Duration LOAD = Duration.ofSeconds(6);

    private static Yard yard;
    private static SignalboxProcess first;
    private static SignalboxProcess second;

    @BeforeAll
    static void start() {
        yard = Yard.open("faults");
        first = yard.worker("first").launch();
        second = yard.worker("second").launch();
        first.awaitReady();
        second.awaitReady();
    }

    @AfterAll
    static void stop() {
        yard.close();
    }

    @Test
    void a_broker_that_is_away_delays_runs_and_nothing_else() throws InterruptedException {
        // Given
        try (Load load = load("broker").begin(RUNS, BROKER_AWAY)) {
            pause(Duration.ofSeconds(1));

            // When
            yard.stopBroker();
            pause(BROKER_AWAY);
            yard.startBroker();

            // Then
            assertThat(load.submitted().wrong()).isEmpty();
            assertThat(load.accepted()).hasSize(RUNS);
            assertThat(load.statuses().keySet()).containsOnly(200, 202);
            balanced(load);
        }
    }

    @Test
    void a_database_that_is_restarted_is_waited_for() throws InterruptedException {
        // Given
        try (Load load = load("restart").begin(RUNS, LOAD)) {
            pause(Duration.ofSeconds(2));

            // When
            yard.stopPostgres();
            pause(Duration.ofSeconds(2));
            yard.startPostgres();

            // Then
            balanced(load);
        }
    }

    @Test
    void a_database_that_stands_still_is_waited_for() throws InterruptedException {
        // Given
        try (Load load = load("pause").begin(RUNS, LOAD)) {
            pause(Duration.ofSeconds(2));

            // When
            yard.signalPostgres(Signal.STOP);
            try {
                pause(Yard.LEASE.plusSeconds(2));
            } finally {
                yard.signalPostgres(Signal.CONT);
            }

            // Then
            balanced(load);
        }
    }

    @Test
    void a_network_that_breaks_is_waited_for() throws InterruptedException {
        // Given
        try (Load load = load("network").begin(RUNS, LOAD)) {
            pause(Duration.ofSeconds(1));

            // When
            yard.toPostgres().cut();
            pause(Duration.ofSeconds(2));
            yard.toPostgres().heal();
            yard.toBroker().cut();
            pause(Duration.ofSeconds(2));
            yard.toBroker().heal();
            for (int answer = 0; answer < 4; answer++) {
                loseAnswers();
            }
            yard.toPostgres().freeze();
            yard.toBroker().freeze();
            pause(Duration.ofSeconds(4));
            yard.toPostgres().heal();
            yard.toBroker().heal();

            // Then
            balanced(load);
        }
    }

    @Test
    void connections_that_fall_silent_for_good_are_given_up() throws InterruptedException {
        // Given
        try (Load load = load("silence").begin(RUNS / 3, LOAD)) {
            pause(Duration.ofSeconds(1));

            // When
            yard.toPostgres().strand();
            yard.toBroker().strand();

            // Then
            balanced(load, RUNS / 3);
        }
    }

    /// What was asked of the database is done, and those who asked never hear of it.
    private static void loseAnswers() throws InterruptedException {
        yard.toPostgres().freeze(TcpProxy.Way.BACK);
        pause(Duration.ofMillis(300));
        yard.toPostgres().reset();
        yard.toPostgres().heal();
        pause(Duration.ofMillis(500));
    }

    private static Load load(String name) {
        return new Load(
                        name,
                        "effects-agent",
                        List.of(Caller.submitter(first), Caller.submitter(second)))
                .watchedBy(Caller.operator(first));
    }

    private static void balanced(Load load) {
        balanced(load, RUNS);
    }

    private static void balanced(Load load, int runs) {
        assertThat(load.submitted().wrong()).isEmpty();
        assertThat(load.accepted()).hasSize(runs);
        long begun = System.nanoTime();
        int reconciled = Reckoning.of(load, Caller.operator(first), yard.effects());
        System.out.printf(
                "%s: %s, slowest answer %s, %d reconciled, settled %s after the last submission%n",
                load.name(),
                load.statuses(),
                load.slowest(),
                reconciled,
                Duration.ofNanos(System.nanoTime() - begun));
        assertThat(load.wrong()).isEmpty();
    }

    private static void pause(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }
}
