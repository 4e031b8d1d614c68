package dev.signalbox.bench;

import dev.signalbox.domain.run.DefinitionRef;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// How long people and clients wait: from a request over HTTP to the first step, and from a
/// decision over HTTP to the step that it allows, while other runs keep the engine busy.
@QuarkusTest
@TestProfile(BenchProfile.class)
class LatencyBench {

    private static final int PROBES = 100;
    private static final int WARM_UP = 64;
    private static final long WARM_UP_MILLIS = 3_000;
    private static final long LONGEST_LOAD_MILLIS = 60_000;

    @Inject Engine engine;

    @Test
    void underLoad() {
        DefinitionRef load = Workloads.ofTenSteps(engine).getFirst();
        Report report =
                new Report("latency")
                        .note("load: closed loops of " + load.name())
                        .table(
                                "runs at once beside it",
                                "request → first step: p50 ms",
                                "p99 ms",
                                "decision → step: p50 ms",
                                "p99 ms");
        Client client = new Client();
        WarmUp.untilSteady(
                () -> Machine.cpuNanos(ProcessHandle.current().pid()),
                () -> ClosedLoop.run(WARM_UP, WARM_UP_MILLIS, () -> engine.complete(load)));
        Client.repeat(PROBES, client::firstStep);
        Client.repeat(PROBES, () -> client.resume(client.park()));
        for (int level : List.of(0, 16, 64)) {
            measure(report, client, load, level);
        }
        report.write();
    }

    private void measure(Report report, Client client, DefinitionRef load, int level) {
        List<Client.Parked> parked = new ArrayList<>(Stream.generate(client::park).limit(PROBES).toList());
        ClosedLoop beside =
                ClosedLoop.start(level, LONGEST_LOAD_MILLIS, () -> engine.complete(load));
        Times first = Client.repeat(PROBES, client::firstStep);
        Iterator<Client.Parked> next = parked.iterator();
        Times resumed = Client.repeat(PROBES, () -> client.resume(next.next()));
        if (level > 0) {
            beside.stop().join();
        }
        report.row(
                level,
                first.p50Millis(),
                first.p99Millis(),
                resumed.p50Millis(),
                resumed.p99Millis());
    }
}
