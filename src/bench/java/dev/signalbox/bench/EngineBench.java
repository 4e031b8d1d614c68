package dev.signalbox.bench;

import dev.signalbox.domain.run.DefinitionRef;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/// Closed loops of ten-step runs through the whole engine: policy, verification and audit on.
@QuarkusTest
@TestProfile(BenchProfile.class)
class EngineBench {

    private static final long WARM_UP_MILLIS = 3_000;
    private static final int WARM_UP = 64;

    @Inject Engine engine;

    @ConfigProperty(name = "quarkus.datasource.jdbc.url")
    String url;

    @Test
    void closedLoops() {
        try (Database database = new Database(url);
                Profile profile = Profile.start(database)) {
            Report report =
                    new Report("engine")
                            .note(database.version() + ", " + database.settings())
                            .note("queue " + System.getProperty("bench.queue", "memory"))
                            .table(
                                    "definition",
                                    "at once",
                                    "runs/s",
                                    "steps/s",
                                    "p50 ms",
                                    "p99 ms",
                                    "CPU ms a run: ours",
                                    "CPU ms a run: PostgreSQL",
                                    "steps a commit",
                                    "table bytes a step",
                                    "WAL bytes a step");
            for (DefinitionRef definition : Workloads.ofTenSteps(engine)) {
                WarmUp.untilSteady(
                        EngineBench::cpu,
                        () ->
                                ClosedLoop.run(
                                        WARM_UP,
                                        WARM_UP_MILLIS,
                                        () -> engine.complete(definition)));
                profile.begin();
                for (int level : levels()) {
                    add(report, definition, level, database);
                }
            }
            report.write();
        }
    }

    private void add(Report report, DefinitionRef definition, int level, Database database) {
        Figures figures =
                Figures.of(
                        database,
                        EngineBench::cpu,
                        Workloads.STEPS,
                        () ->
                                ClosedLoop.run(
                                        level,
                                        1000L * Integer.getInteger("bench.seconds", 6),
                                        () -> engine.complete(definition)));
        report.row(
                definition.name(),
                level,
                figures.times().perSecond(),
                figures.stepsPerSecond(),
                figures.times().p50Millis(),
                figures.times().p99Millis(),
                figures.cpuMillisPerRun(),
                figures.databaseMillisPerRun(),
                figures.stepsPerCommit(),
                figures.tableBytesPerStep(),
                figures.walBytesPerStep());
    }

    private static long cpu() {
        return Machine.cpuNanos(ProcessHandle.current().pid());
    }

    private static List<Integer> levels() {
        return List.of(System.getProperty("bench.levels", "1,16,64,256").split(",", -1)).stream()
                .map(Integer::valueOf)
                .toList();
    }
}
