package dev.signalbox.bench;

import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.queue.Relay;
import dev.signalbox.queue.RunNews;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.RunStore;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;

/// Closed loops of ten-step runs through the whole engine.
@QuarkusTest
@TestProfile(EngineBench.Profile.class)
class EngineBench {

    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "signalbox.definitions",
                    "src/bench/resources/bench",
                    "signalbox.queue",
                    System.getProperty("bench.queue", "memory"),
                    "signalbox.runtime.concurrency",
                    "512");
        }
    }

    @Inject RunStore runs;
    @Inject DefinitionStore definitions;
    @Inject Relay relay;
    @Inject RunNews news;
    @Inject IdSource ids;

    @Test
    void closedLoops() throws Exception {
        String name = System.getProperty("bench.definition", "bench-agent");
        DefinitionRef ref =
                definitions.resolve(name, Optional.empty()).await().indefinitely().orElseThrow().ref();
        loop(ref, 64, 3);
        Optional<Recording> profile = profile();
        for (String level : List.of(System.getProperty("bench.levels", "1,16,64,256").split(",", -1))) {
            loop(ref, Integer.parseInt(level), Integer.getInteger("bench.seconds", 6));
        }
        if (profile.isPresent()) {
            profile.get().dump(Path.of(System.getProperty("bench.profile")));
        }
    }

    /// A flight recording for the file that `bench.profile` names.
    private static Optional<Recording> profile() throws Exception {
        if (System.getProperty("bench.profile") == null) {
            return Optional.empty();
        }
        Recording recording = new Recording(Configuration.getConfiguration("profile"));
        recording.start();
        return Optional.of(recording);
    }

    private void loop(DefinitionRef ref, int concurrency, int seconds) throws Exception {
        ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
        AtomicInteger running = new AtomicInteger(concurrency);
        CompletableFuture<Void> idle = new CompletableFuture<>();
        long cpu = cpu();
        long from = System.nanoTime();
        long end = from + seconds * 1_000_000_000L;
        for (int i = 0; i < concurrency; i++) {
            next(ref, end, times, running, idle);
        }
        idle.join();
        double elapsed = (System.nanoTime() - from) / 1e9;
        long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                "BENCH %d at once: %.0f runs/s, %.0f steps/s, p50 %.1f ms, p99 %.1f ms, JVM CPU %.2f"
                        + " ms a run%n",
                concurrency,
                sorted.length / elapsed,
                10 * sorted.length / elapsed,
                sorted[sorted.length / 2] / 1e6,
                sorted[sorted.length * 99 / 100] / 1e6,
                (cpu() - cpu) / 1e6 / sorted.length);
    }

    private void next(
            DefinitionRef ref,
            long end,
            ConcurrentLinkedQueue<Long> times,
            AtomicInteger running,
            CompletableFuture<Void> idle) {
        long from = System.nanoTime();
        if (from > end) {
            if (running.decrementAndGet() == 0) {
                idle.complete(null);
            }
            return;
        }
        RunId id = new RunId(ids.next());
        Json input = Json.of(Map.of("n", 1));
        RunIdentity identity =
                new RunIdentity(
                        id, ref, "default", "bench", Map.of(), 5, input.digest(), Optional.empty(),
                        Lineage.rootOf(id), "0af7651916cd43dd8448eb211c80319c", Optional.empty(),
                        Instant.now());
        Uni<RunSummary> done =
                news.of(id).filter(run -> run.status().terminal()).toUni();
        done.subscribe()
                .with(
                        run -> {
                            if (run.status() != RunStatus.COMPLETED) {
                                throw new IllegalStateException(run.error().toString());
                            }
                            times.add(System.nanoTime() - from);
                            next(ref, end, times, running, idle);
                        });
        runs.create(NewRun.of(identity, input, Optional.empty()))
                .subscribe()
                .with(_ -> relay.wake(id), failure -> failure.printStackTrace());
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
