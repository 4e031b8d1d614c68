package dev.signalbox.bench;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What one round of something cost.
///
/// @param steps of one run
/// @param cpuNanos of the processes that run it, without PostgreSQL
record Figures(Times times, int steps, long cpuNanos, Database.Reading database) {

    /// Measures a round.
    ///
    /// @param cpu reads the processor time of the processes that run it
    static Figures of(Database database, LongSupplier cpu, int steps, Supplier<Times> round) {
        Database.Reading before = database.read();
        long cpuBefore = cpu.getAsLong();
        Times times = round.get();
        long cpuNanos = cpu.getAsLong() - cpuBefore;
        return new Figures(times, steps, cpuNanos, database.read().minus(before));
    }

    double stepsPerSecond() {
        return times.perSecond() * steps;
    }

    double cpuMillisPerRun() {
        return cpuNanos / 1e6 / times.count();
    }

    double databaseMillisPerRun() {
        return database.cpuNanos() / 1e6 / times.count();
    }

    double cpuMillisInAll() {
        return cpuMillisPerRun() + databaseMillisPerRun();
    }

    double stepsPerCommit() {
        return allSteps() / database.commits();
    }

    double walBytesPerStep() {
        return database.walBytes() / allSteps();
    }

    double tableBytesPerStep() {
        return database.tableBytes() / allSteps();
    }

    private double allSteps() {
        return (double) times.count() * steps;
    }
}
