package dev.signalbox.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.store.Lease;
import dev.signalbox.store.RunLeases;
import dev.signalbox.store.RunStore;
import dev.signalbox.store.StaleLeaseException;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunMetricsTest {

    private static final ModelRef MODEL =
            new ModelRef(Provider.OPENAI, "gpt-5-mini", Optional.empty(), Optional.empty());
    private static final RunId RUN = new RunId(new UUID(1, 2));

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Meters meters = new Meters(registry);
    private final RunMetrics metrics = new RunMetrics(meters);

    @ParameterizedTest
    @EnumSource(Metric.class)
    void everyMetricIsDocumentedWithItsTags(Metric metric) throws IOException {
        List<String> lines =
                Files.readAllLines(Path.of("docs", "observability.md")).stream()
                        .filter(line -> line.startsWith("| `" + metric.id() + "` |"))
                        .toList();

        assertThat(lines).as(metric.id()).hasSize(1);
        assertThat(metric.tags())
                .allSatisfy(tag -> assertThat(lines.getFirst()).contains("`" + tag + "`"));
    }

    @Test
    void aModelCallIsTimedAndItsTokensCounted() {
        metrics.tokens(MODEL, new TokenUsage(100, 20));
        wait(metrics.modelCall(MODEL, Uni.createFrom().item("answer"), _ -> Optional.empty()));
        wait(metrics.modelCall(MODEL, Uni.createFrom().item("busy"), _ -> Optional.of("http_429")));

        assertThat(
                        registry.get("gen_ai.client.token.usage")
                                .tag("gen_ai.token.type", "input")
                                .tag("gen_ai.request.model", "gpt-5-mini")
                                .summary()
                                .totalAmount())
                .isEqualTo(100);
        assertThat(
                        registry.get("gen_ai.client.operation.duration")
                                .tag("gen_ai.provider.name", "openai")
                                .tag("error.type", "http_429")
                                .timer()
                                .count())
                .isOne();
        assertThat(
                        registry.get("gen_ai.client.operation.duration")
                                .tag("error.type", "")
                                .timer()
                                .count())
                .isOne();
    }

    @Test
    void aCallThatIsGivenUpIsTimedToo() {
        metrics.modelCall(MODEL, Uni.createFrom().nothing(), _ -> Optional.empty())
                .subscribe()
                .with(_ -> {})
                .cancel();

        assertThat(
                        registry.get("gen_ai.client.operation.duration")
                                .tag("error.type", "cancelled")
                                .timer()
                                .count())
                .isOne();
    }

    @Test
    void aCallWhoseAnswerIsTakenIsTimedOnceWhateverBecomesOfIt() {
        Uni<String> call =
                metrics.modelCall(MODEL, Uni.createFrom().item("answer"), _ -> Optional.empty());

        wait(Uni.combine().any().of(call, Uni.createFrom().nothing()));
        call.toMulti().select().first().subscribe().with(_ -> {}).cancel();

        assertThat(registry.find("gen_ai.client.operation.duration").timers())
                .singleElement()
                .satisfies(timer -> assertThat(timer.count()).isEqualTo(2));
    }

    @Test
    void aLeaseThatIsLostIsCountedByHowItWasNoticed() {
        Lease lease = new Lease(RUN, "worker", 1);
        RunStore stale =
                metrics.observed(
                        answering(
                                RunStore.class,
                                Uni.createFrom().failure(new StaleLeaseException(lease))));
        RunLeases taken =
                metrics.observed(
                        answering(RunLeases.class, Uni.createFrom().item(Set.<RunId>of())));

        stale.append(lease, null).subscribe().with(_ -> {}, _ -> {});
        wait(taken.renew(List.of(lease), Duration.ofSeconds(1)));

        assertThat(count("signalbox.leases.lost", "cause", "stale_append")).isOne();
        assertThat(count("signalbox.leases.lost", "cause", "expired")).isOne();
        assertThat(
                        registry.get("signalbox.journal.commits")
                                .tag("outcome", "stale")
                                .timer()
                                .count())
                .isOne();
    }

    @Test
    void aHintThatDoesNotGoOutIsCountedWithTheReason() {
        metrics.wakeupSent(
                        Uni.createFrom()
                                .failure(ProblemException.of(ProblemCode.UNAVAILABLE, "away")))
                .subscribe()
                .with(_ -> {}, _ -> {});

        assertThat(count("signalbox.wakeups.sent", "outcome", "unavailable")).isOne();
    }

    @Test
    void namesFromOutsideCannotFillAMonitoringSystem() {
        for (int number = 0; number < 10 * Meters.MOST_VALUES; number++) {
            meters.count(Metric.RUNS_SUBMITTED, 1, "definition-" + number);
        }

        assertThat(registry.get("signalbox.runs.submitted").counters())
                .hasSize(Meters.MOST_VALUES + 1);
        assertThat(count("signalbox.runs.submitted", "definition", Meters.OTHER))
                .isEqualTo(9.0 * Meters.MOST_VALUES);
        assertThat(registry.getMeters()).extracting(Meter::getId).doesNotHaveDuplicates();
    }

    private double count(String name, String tag, String value) {
        return registry.get(name).tag(tag, value).counter().count();
    }

    private static <T> T wait(Uni<T> work) {
        return work.await().atMost(Duration.ofSeconds(10));
    }

    private static <T> T answering(Class<T> type, Uni<?> answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(), new Class<?>[] {type}, (_, _, _) -> answer));
    }
}
