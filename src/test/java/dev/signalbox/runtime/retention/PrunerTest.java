package dev.signalbox.runtime.retention;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.observe.Role;
import dev.signalbox.observe.Roles;
import dev.signalbox.observe.RunMetrics;
import dev.signalbox.runtime.WorkerName;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import dev.signalbox.store.Lease;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.RunChange.Next;
import dev.signalbox.store.memory.MemoryDatabase;
import dev.signalbox.wire.EventCodec;
import dev.signalbox.wire.JsonCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/// Runs go when the newest version of their definition, or else the host, says so.
class PrunerTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final MemoryDatabase stores = new MemoryDatabase(now::get);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private static <T> T get(Uni<T> work) {
        return work.await().atMost(Duration.ofSeconds(20));
    }

    private Pruner pruner(String... settings) {
        SmallRyeConfigBuilder config =
                new SmallRyeConfigBuilder()
                        .withMapping(RetentionSettings.class)
                        .withDefaultValue("signalbox.retention.pause", "PT0S");
        for (int index = 0; index < settings.length; index += 2) {
            config.withDefaultValue("signalbox.retention." + settings[index], settings[index + 1]);
        }
        SmallRyeConfig built = config.build();
        RetentionSettings mapped = built.getConfigMapping(RetentionSettings.class);
        return new Pruner(
                stores.retention(),
                new KeptTerms(stores.definitions(), mapped),
                mapped,
                new WorkerName(UuidCreator::getTimeOrderedEpochPlus1),
                new Roles(Set.of(Role.RUNTIME)),
                RunMetrics.to(meters));
    }

    private DefinitionRef defined(String name, String version, String retention) {
        JsonObject bundle =
                JsonCodec.parseObject(
                        "{\"agent\": {\"name\": \"%s\", \"version\": \"%s\"%s}}"
                                .formatted(
                                        name,
                                        version,
                                        retention.isEmpty()
                                                ? ""
                                                : ", \"retention\": " + retention));
        DefinitionRef ref =
                new DefinitionRef(DefinitionRef.Kind.AGENT, name, version, bundle.digest());
        get(stores.definitions().apply(List.of(new StoredDefinition(ref, bundle, now.get()))));
        return ref;
    }

    private RunId failed(DefinitionRef definition) {
        RunId id = new RunId(UuidCreator.getTimeOrderedEpochPlus1());
        JsonObject input = JsonObject.EMPTY;
        NewRun run =
                NewRun.of(
                        new RunIdentity(
                                id,
                                definition,
                                "default",
                                "svc",
                                Map.of(),
                                5,
                                input.digest(),
                                Optional.empty(),
                                Lineage.rootOf(id),
                                "0af7651916cd43dd8448eb211c80319c",
                                Optional.empty(),
                                now.get()),
                        input,
                        Optional.empty());
        get(stores.runs().create(run));
        Lease lease =
                get(stores.leases().claim(id, "worker", Duration.ofMinutes(1)))
                        .orElseThrow()
                        .lease();
        JournalEntry head = run.submitted();
        JournalEntry end =
                EventCodec.link(
                        id,
                        2,
                        now.get(),
                        new RunEvent.RunFailed(new RunError("broken", "It broke.")),
                        head.hash());
        get(
                stores.runs()
                        .append(
                                lease,
                                new RunChange(
                                        List.of(end),
                                        RunSummary.of(
                                                RunFold.fold(
                                                        List.of(
                                                                EventCodec.placed(head),
                                                                EventCodec.placed(end))),
                                                end),
                                        Map.of(),
                                        List.of(),
                                        Map.of(),
                                        Set.of(),
                                        new Next.End())));
        return id;
    }

    private boolean isThere(RunId run) {
        return get(stores.runs().find(run)).isPresent();
    }

    private void days(int days) {
        now.updateAndGet(time -> time.plus(Duration.ofDays(days)));
    }

    @Test
    void withoutAnybodySayingSoEverythingIsKept() {
        RunId run = failed(defined("agent", "1.0.0", ""));
        days(10_000);

        long removed = get(pruner().sweep());

        assertThat(removed).isZero();
        assertThat(isThere(run)).isTrue();
    }

    @Test
    void aDefinitionsNewestVersionCountsForRunsOfAllVersionsAndBeforeTheHost() {
        DefinitionRef old = defined("agent", "1.0.0", "{\"failed\": \"PT24H\"}");
        RunId run = failed(old);
        RunId silent = failed(defined("silent", "1.0.0", ""));
        defined("agent", "1.10.0", "{\"failed\": \"PT720H\"}");
        defined("agent", "1.9.0", "{\"failed\": \"PT1H\"}");
        Pruner pruner = pruner("failed", "P7D");
        days(8);
        long first = get(pruner.sweep());
        assertThat(first).isEqualTo(1);
        assertThat(isThere(run)).isTrue();
        assertThat(isThere(silent)).isFalse();
        days(23);

        long second = get(pruner.sweep());

        assertThat(second).isEqualTo(1);
        assertThat(isThere(run)).isFalse();
        assertThat(get(stores.retention().tombstone(run)).orElseThrow().rule().version())
                .contains("1.10.0");
        assertThat(
                        meters.get("signalbox.runs.pruned")
                                .tags("definition", "agent", "status", "failed")
                                .counter()
                                .count())
                .isEqualTo(1);
    }

    @Test
    void manyRunsGoBatchAfterBatch() {
        DefinitionRef agent = defined("agent", "1.0.0", "");
        for (int run = 0; run < 2_000; run++) {
            failed(agent);
        }
        days(1);

        long removed = get(pruner("failed", "PT1H", "batch", "1").sweep());

        assertThat(removed).isEqualTo(2_000);
    }

    @Test
    void whatIsNoPeriodKeepsTheProcessFromStarting() {
        Assertions.assertThatThrownBy(() -> pruner("failed", "30 days"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("signalbox.retention.failed")
                .hasMessageContaining("30 days");
    }
}
