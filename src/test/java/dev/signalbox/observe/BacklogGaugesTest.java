package dev.signalbox.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.store.Backlogs.Backlog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BacklogGaugesTest {

    private static final Duration SHORT = Duration.ofMillis(100);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Uni<Backlog> store = Uni.createFrom().nothing();
    private int asked;
    private final BacklogGauges gauges =
            new BacklogGauges(
                    _ -> {
                        asked++;
                        return store;
                    },
                    new Meters(registry),
                    () -> SHORT);

    @BeforeEach
    void show() {
        gauges.show(new StartupEvent());
        store =
                Uni.createFrom()
                        .item(new Backlog(3, Duration.ofMillis(1500), 2, Duration.ofHours(1), 1));
    }

    @Test
    void whatWaitsIsShown() {
        read();

        assertThat(value("signalbox.runs.due")).isEqualTo(3);
        assertThat(value("signalbox.runs.due.age")).isEqualTo(1.5);
        assertThat(value("signalbox.approvals.pending")).isEqualTo(2);
        assertThat(value("signalbox.approvals.pending.age")).isEqualTo(3600);
        assertThat(value("signalbox.commands.open")).isEqualTo(1);
    }

    @Test
    void whoeverReadsTheMetricsDoesNotAskTheStore() {
        read();

        for (int times = 0; times < 10; times++) {
            value("signalbox.runs.due");
        }

        assertThat(asked).isOne();
    }

    @Test
    void whileTheStoreIsAwayOrSilentNothingIsClaimed() {
        read();
        store =
                Uni.createFrom()
                        .failure(ProblemException.of(ProblemCode.UNAVAILABLE, "It is away."));
        read();
        assertThat(value("signalbox.runs.due")).isNaN();

        store = Uni.createFrom().nothing();
        read();

        assertThat(value("signalbox.approvals.pending")).isNaN();
    }

    private void read() {
        gauges.read().await().atMost(Duration.ofSeconds(10));
    }

    private double value(String name) {
        return registry.get(name).gauge().value();
    }
}
