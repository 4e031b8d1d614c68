package dev.signalbox.bench;

import dev.signalbox.app.embedded.PostgresServer;
import dev.signalbox.domain.run.DefinitionRef;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/// The same workflow of ten trivial steps here and on others, in turns: a round of each, and again.
/// What is compared was measured within one round.
@QuarkusTest
@TestProfile(BenchProfile.class)
class PeersBench {

    private static final List<Integer> LEVELS = List.of(1, 16, 64);
    private static final long WARM_UP_MILLIS = 3_000;
    private static final int WARM_UP = 32;

    @Inject Engine engine;

    @ConfigProperty(name = "quarkus.datasource.jdbc.url")
    String url;

    private interface Loop {

        void prepare(int concurrency);

        Times run(int concurrency, long millis);

        void rest();
    }

    private record OwnLoop(Engine engine, DefinitionRef definition) implements Loop {

        @Override
        public void prepare(int concurrency) {
            // It is always ready.
        }

        @Override
        public Times run(int concurrency, long millis) {
            return ClosedLoop.run(concurrency, millis, () -> engine.complete(definition));
        }

        @Override
        public void rest() {
            // Nothing was taken.
        }
    }

    private record PeerLoop(PeerProcess peer) implements Loop {

        @Override
        public void prepare(int concurrency) {
            peer.prepare(concurrency);
        }

        @Override
        public Times run(int concurrency, long millis) {
            return peer.loop(concurrency, millis, Workloads.STEPS);
        }

        @Override
        public void rest() {
            peer.rest();
        }
    }

    private record Subject(String name, Database database, LongSupplier cpu, Loop loop) {

        Figures round(int level, long millis) {
            loop.prepare(level);
            Figures figures =
                    Figures.of(database, cpu, Workloads.STEPS, () -> loop.run(level, millis));
            loop.rest();
            return figures;
        }

        void warmUp() {
            loop.prepare(WARM_UP);
            WarmUp.untilSteady(cpu, () -> loop.run(WARM_UP, WARM_UP_MILLIS));
            loop.rest();
        }
    }

    @Test
    void sideBySide() {
        try (PostgresServer server = Servers.start("peers-postgres");
                Database own = new Database(url);
                Database theirs = new Database(address(server, "postgres"));
                Peers peers = new Peers(server, theirs)) {
            Report report =
                    new Report("peers")
                            .note(own.version() + ", " + own.settings())
                            .note(rounds() + " rounds of " + millis() + " ms each; medians");
            List<Subject> subjects = new ArrayList<>();
            for (DefinitionRef definition : Workloads.ofTenSteps(engine)) {
                subjects.add(ours(definition, own));
            }
            peers.present().forEach(peer -> subjects.add(peer(peer, theirs)));
            subjects.forEach(Subject::warmUp);
            for (int level : LEVELS) {
                compare(report, level, subjects);
            }
            peers.absent().forEach((name, reason) -> report.line(name + ": not here. " + reason));
            report.write();
        }
    }

    private static void compare(Report report, int level, List<Subject> subjects) {
        Map<Subject, List<Figures>> rounds = new LinkedHashMap<>();
        subjects.forEach(subject -> rounds.put(subject, new ArrayList<>()));
        for (int round = 0; round < rounds(); round++) {
            rounds.forEach((subject, figures) -> figures.add(subject.round(level, millis())));
        }
        report.line("**" + level + " at once**\n")
                .table(
                        "",
                        "steps/s",
                        "p50 ms",
                        "p99 ms",
                        "CPU ms a workflow: process",
                        "PostgreSQL",
                        "both",
                        "commits a workflow",
                        "WAL bytes a step",
                        "steps/s, first row ÷ this",
                        "CPU, this ÷ first row");
        List<Figures> first = rounds.get(subjects.getFirst());
        rounds.forEach((subject, figures) -> add(report, subject.name(), first, figures));
    }

    private static void add(
            Report report, String name, List<Figures> first, List<Figures> figures) {
        report.row(
                name,
                median(figures, Figures::stepsPerSecond),
                median(figures, each -> each.times().p50Millis()),
                median(figures, each -> each.times().p99Millis()),
                median(figures, Figures::cpuMillisPerRun),
                median(figures, Figures::databaseMillisPerRun),
                median(figures, Figures::cpuMillisInAll),
                median(figures, each -> each.steps() / each.stepsPerCommit()),
                median(figures, Figures::walBytesPerStep),
                ratio(first, figures, Figures::stepsPerSecond),
                ratio(figures, first, Figures::cpuMillisInAll));
    }

    private Subject ours(DefinitionRef definition, Database own) {
        return new Subject(
                "Signalbox, " + definition.name(),
                own,
                () -> Machine.cpuNanos(ProcessHandle.current().pid()),
                new OwnLoop(engine, definition));
    }

    private static Subject peer(PeerProcess peer, Database theirs) {
        return new Subject(Peers.TITLES.get(peer.name()), theirs, peer::cpuNanos, new PeerLoop(peer));
    }

    private static double median(List<Figures> figures, ToDoubleFunction<Figures> figure) {
        double[] sorted = figures.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static double ratio(
            List<Figures> over, List<Figures> under, ToDoubleFunction<Figures> figure) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < over.size(); round++) {
            ratios.add(
                    figure.applyAsDouble(over.get(round)) / figure.applyAsDouble(under.get(round)));
        }
        return ratios.stream().sorted().toList().get(ratios.size() / 2);
    }

    private static int rounds() {
        return Integer.getInteger("bench.rounds", 3);
    }

    private static long millis() {
        return 1000L * Integer.getInteger("bench.seconds", 3);
    }

    static String address(PostgresServer server, String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s?user=signalbox&password=signalbox"
                .formatted(server.port(), database);
    }
}
