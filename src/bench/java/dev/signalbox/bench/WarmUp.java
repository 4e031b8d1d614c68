package dev.signalbox.bench;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Rounds that do not count, until a run has not become cheaper for a while. A busy machine's
/// compiler takes long to get to what a run needs, so a fixed time would not do.
final class WarmUp {

    private static final int CALM_ROUNDS = 3;
    private static final double CALM = 0.95;
    private static final long LIMIT_NANOS = 40_000_000_000L;

    private WarmUp() {}

    /// @param cpu reads the processor time of the processes that do the work
    static void untilSteady(LongSupplier cpu, Supplier<Times> round) {
        long end = System.nanoTime() + LIMIT_NANOS;
        double best = Double.MAX_VALUE;
        for (int calm = 0; calm < CALM_ROUNDS && System.nanoTime() < end; ) {
            long before = cpu.getAsLong();
            int runs = round.get().count();
            double price = (double) (cpu.getAsLong() - before) / runs;
            calm = price < best * CALM ? 0 : calm + 1;
            best = Math.min(best, price);
        }
    }
}
