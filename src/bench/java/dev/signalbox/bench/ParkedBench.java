package dev.signalbox.bench;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.lang.management.ManagementFactory;
import java.util.Iterator;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/// What a run costs the worker while it waits for a person, and how long it takes to go on.
@QuarkusTest
@TestProfile(BenchProfile.class)
class ParkedBench {

    private static final int PARKED = 100_000;
    private static final int PROBES = 40;
    private static final long IDLE_MILLIS = 20_000;

    @ConfigProperty(name = "quarkus.datasource.jdbc.url")
    String url;

    @Test
    void parked() throws Exception {
        Report report =
                new Report("parked")
                        .table(
                                "runs parked",
                                "worker's heap MB",
                                "heap bytes a parked run",
                                "worker's CPU while idle, %",
                                "PostgreSQL's CPU while idle, %",
                                "decision → step: p50 ms",
                                "p99 ms");
        Client client = new Client();
        Client.repeat(PROBES * 2, () -> client.resume(client.park()));
        try (Database database = new Database(url)) {
            long empty = measure(report, client, database, 0, 0);
            Client.Parked first = client.park();
            new Copies(database)
                    .add(
                            database.text(
                                    "SELECT run_id::text FROM approvals WHERE id = '%s'"
                                            .formatted(first.approval())),
                            PARKED);
            new Copies(database).settle();
            measure(report, client, database, PARKED, empty);
            report.write();
        }
    }

    /// The heap in use.
    private static long measure(
            Report report, Client client, Database database, int parked, long empty)
            throws InterruptedException {
        long cpu = Machine.cpuNanos(ProcessHandle.current().pid());
        Database.Reading before = database.read();
        long from = System.nanoTime();
        Thread.sleep(IDLE_MILLIS);
        double idle = System.nanoTime() - from;
        long idleCpu = Machine.cpuNanos(ProcessHandle.current().pid()) - cpu;
        Database.Reading idleDatabase = database.read().minus(before);
        long heap = heap();
        Times resumed = resumed(client, database, parked);
        report.row(
                parked,
                heap / 1e6,
                parked == 0 ? "" : (heap - empty) / (double) parked,
                100 * idleCpu / idle,
                100 * idleDatabase.cpuNanos() / idle,
                resumed.p50Millis(),
                resumed.p99Millis());
        return heap;
    }

    private static Times resumed(Client client, Database database, int parked) {
        if (parked == 0) {
            return Client.repeat(PROBES, () -> client.resume(client.park()));
        }
        List<String> approvals =
                database.texts(
                        "SELECT id::text FROM approvals WHERE status = 'pending' ORDER BY id LIMIT "
                                + PROBES);
        // All copies call with the key of the run that they are copies of.
        String key =
                database.text(
                        """
                        SELECT content::jsonb ->> 'key' FROM payloads
                         WHERE run_id = (SELECT run_id FROM approvals WHERE id = '%s')
                           AND content LIKE '{"key":%%' LIMIT 1
                        """
                                .formatted(approvals.getFirst()));
        Iterator<String> next = approvals.iterator();
        return Client.repeat(PROBES, () -> client.resume(client.parked(key, next.next())));
    }

    private static long heap() throws InterruptedException {
        for (int collection = 0; collection < 3; collection++) {
            System.gc();
            Thread.sleep(300);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
