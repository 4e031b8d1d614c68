package dev.signalbox.bench;

import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.RunStatus;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/// What becomes dearer as runs pile up: the same measures over stores of growing size. One run in
/// twenty waits for an approval. With `BENCH_LARGE=1` the largest store holds a million runs.
@QuarkusTest
@TestProfile(BenchProfile.class)
class GrowthBench {

    private static final int WARM_UP = 64;
    private static final long MILLIS = 4_000;
    private static final int LEVEL = 64;
    private static final int PAGES = 100;
    private static final int SLOW_PAGES = 5;
    private static final double SLOW_MILLIS = 200;
    private static final int WAITING_PART = 20;

    @Inject Engine engine;

    @ConfigProperty(name = "quarkus.datasource.jdbc.url")
    String url;

    private final Map<String, List<Double>> rows = new LinkedHashMap<>();

    @Test
    void growing() throws Exception {
        DefinitionRef load = Workloads.ofTenSteps(engine).getFirst();
        Report report = new Report("growth");
        Client client = new Client();
        try (Database database = new Database(url)) {
            WarmUp.untilSteady(
                    GrowthBench::cpu,
                    () -> ClosedLoop.run(WARM_UP, MILLIS, () -> engine.complete(load)));
            rehearse(load, database, client);
            String ended = ended();
            String waiting = parked(client, database);
            Copies copies = new Copies(database);
            List<String> sizes = new ArrayList<>();
            for (long size : sizes()) {
                long missing = size - database.number("SELECT count(*) FROM runs");
                copies.add(ended, missing - missing / WAITING_PART);
                copies.add(waiting, missing / WAITING_PART);
                copies.settle();
                sizes.add(String.format("%,d runs", size));
                throughput(load, database);
                pages(client, ended);
            }
            write(report, sizes);
        }
    }

    /// Everything once, for the compiler, and then away with it.
    private void rehearse(DefinitionRef load, Database database, Client client) throws Exception {
        String run = ended();
        pages(client, run);
        throughput(load, database);
        pages(client, run);
        rows.clear();
        database.execute("TRUNCATE runs, journal, payloads CASCADE");
    }

    /// The id of a run that has ended.
    private String ended() throws Exception {
        return engine.complete(engine.definition("bench-brief").orElseThrow())
                .toCompletableFuture()
                .get()
                .toString();
    }

    /// The id of a run that waits for an approval.
    private static String parked(Client client, Database database) {
        Client.Parked parked = client.park();
        return database.text(
                "SELECT run_id::text FROM approvals WHERE id = '" + parked.approval() + "'");
    }

    private void throughput(DefinitionRef load, Database database) {
        Figures figures =
                Figures.of(
                        database,
                        GrowthBench::cpu,
                        Workloads.STEPS,
                        () -> ClosedLoop.run(LEVEL, MILLIS, () -> engine.complete(load)));
        add("steps/s, " + LEVEL + " runs at once", figures.stepsPerSecond());
        add("CPU ms a run: ours", figures.cpuMillisPerRun());
        add("CPU ms a run: PostgreSQL", figures.databaseMillisPerRun());
    }

    private void pages(Client client, String run) {
        page(client, "list, newest", "runs?limit=50");
        page(client, "list, those that need a person first", "runs?limit=50&attention=true");
        page(client, "list, one status", "runs?limit=50&status=completed");
        page(client, "list, one status that nothing has", "runs?limit=50&status=failed");
        page(client, "list, one definition", "runs?limit=50&definition=bench-brief");
        page(client, "list, a label that nothing has", "runs?limit=50&label=team:none");
        page(client, "list, text that stands nowhere", "runs?limit=50&text=nowhere-at-all");
        page(client, "approvals inbox", "approvals?status=pending&limit=50");
        page(client, "one run", "runs/" + run);
        page(client, "tree of a run", "runs/" + run + "/tree");
        page(client, "overview", "overview");
    }

    private void page(Client client, String what, String path) {
        boolean slow = client.pages(path, 1, 2).p50Millis() > SLOW_MILLIS;
        add(
                what + ": p50 ms",
                client.pages(path, slow ? 0 : PAGES, slow ? SLOW_PAGES : PAGES).p50Millis());
    }

    private void add(String what, double figure) {
        System.out.printf("%s: %.2f%n", what, figure);
        rows.computeIfAbsent(what, _ -> new ArrayList<>()).add(figure);
    }

    private void write(Report report, List<String> sizes) {
        report.table(
                Stream.of(List.of(""), sizes, List.of("largest ÷ smallest"))
                        .flatMap(List::stream)
                        .toArray(String[]::new));
        rows.forEach(
                (what, figures) ->
                        report.row(
                                Stream.of(
                                                List.of(what),
                                                figures,
                                                List.of(figures.getLast() / figures.getFirst()))
                                        .flatMap(List::stream)
                                        .toArray()));
        report.write();
    }

    private static List<Long> sizes() {
        return System.getenv("BENCH_LARGE") == null
                ? List.of(10_000L, 100_000L)
                : List.of(10_000L, 100_000L, 1_000_000L);
    }

    private static long cpu() {
        return Machine.cpuNanos(ProcessHandle.current().pid());
    }
}
