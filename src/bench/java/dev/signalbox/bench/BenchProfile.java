package dev.signalbox.bench;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/// The application as it is measured: the definitions of the benchmarks, and room for all runs of
/// a loop. `-Dbench.queue=amqp` sends the wake-ups through the broker.
public final class BenchProfile implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        Servers.forTheApplication();
        return Map.of(
                "signalbox.definitions",
                Workloads.DOCUMENTS,
                "signalbox.queue",
                System.getProperty("bench.queue", "memory"),
                "signalbox.runtime.concurrency",
                "512");
    }
}
