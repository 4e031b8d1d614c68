package dev.signalbox.domain.run;

import dev.signalbox.domain.run.RunFold.Placed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Is the cost of a run linear in its steps? Prints how much dearer one event is to fold in a long
/// history than in a short one: 1 is linear, 10 would be quadratic. Run by `make bench`.
class FoldBench {

    private static final int SHORT = 300;
    private static final int LONG = 3_000;
    private static final int ROUNDS = 7;

    @Test
    void costOfAnEventInALongHistory() {
        List<Placed> brief = openHistory(SHORT);
        List<Placed> lengthy = openHistory(LONG);
        double inBrief = Double.MAX_VALUE;
        double inLengthy = Double.MAX_VALUE;

        for (int round = 0; round < ROUNDS; round++) {
            inBrief = Math.min(inBrief, nanosPerEvent(brief));
            inLengthy = Math.min(inLengthy, nanosPerEvent(lengthy));
        }

        System.out.printf(
                "fold: %.0f ns an event at %d events, %.0f ns at %d: ratio %.2f%n",
                inBrief, brief.size(), inLengthy, lengthy.size(), inLengthy / inBrief);
    }

    private static double nanosPerEvent(List<Placed> history) {
        int repeats = 20 * LONG / history.size();
        long from = System.nanoTime();
        for (int repeat = 0; repeat < repeats; repeat++) {
            RunFold.fold(history);
        }
        return (double) (System.nanoTime() - from) / repeats / history.size();
    }

    /// A legal history of that length whose run has not ended.
    private static List<Placed> openHistory(int length) {
        Random random = new Random(length);
        List<Placed> history = new ArrayList<>();
        history.add(
                new Placed(1, Histories.START, new RunEvent.RunSubmitted(Histories.identity())));
        RunState state = RunFold.begin(history.getFirst());
        for (int tries = 0; history.size() < length && tries < length * 200; tries++) {
            Placed candidate =
                    new Placed(
                            history.size() + 1L,
                            Histories.START.plusSeconds(history.size()),
                            Histories.any(random, state.progress()));
            try {
                RunState next = RunFold.evolve(state, candidate);
                if (!next.status().terminal()) {
                    state = next;
                    history.add(candidate);
                }
            } catch (IllegalHistoryException _) {
                // not legal here: draw again
            }
        }
        return history;
    }
}
