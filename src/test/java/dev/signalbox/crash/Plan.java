package dev.signalbox.crash;

import java.util.Arrays;
import java.util.List;

/// What is done to the processes of a trial, and when.
record Plan(List<Strike> strikes) {

    /// Nothing is done.
    static final Plan UNDISTURBED = new Plan(List.of());

    /// Never comes before the end.
    static final int AT_THE_END = Integer.MAX_VALUE;

    /// What becomes of the process that the next step belongs to.
    sealed interface Strike {

        /// Right before that step.
        int step();

        /// It is no more; what had left it has left.
        record Kill(int step) implements Strike {}

        /// It stands still past its lease, and goes on after so many steps of others.
        record Freeze(int step, int others) implements Strike {}
    }

    Plan {
        strikes = List.copyOf(strikes);
    }

    static Plan kill(int... steps) {
        return new Plan(Arrays.stream(steps).<Strike>mapToObj(Strike.Kill::new).toList());
    }

    static Plan freeze(int step, int others) {
        return new Plan(List.of(new Strike.Freeze(step, others)));
    }
}
