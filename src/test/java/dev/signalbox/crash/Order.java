package dev.signalbox.crash;

import dev.signalbox.crash.Boundary.Kind;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;

/// Which of the things that could happen next does.
///
/// @param chooser makes the choice of one trial, the same one each time
record Order(String name, Supplier<Function<List<Kind>, Integer>> chooser) {

    /// First come, first served: a prompt store.
    static final Order IN_TURN = new Order("in turn", () -> _ -> 0);

    /// The store answers only when nothing else is left to do: the engine runs ahead of it as far
    /// as it dares.
    static final Order COMMITS_LAST =
            new Order(
                    "commits last",
                    () ->
                            ready -> {
                                for (int index = 0; index < ready.size(); index++) {
                                    if (ready.get(index) != Kind.APPEND) {
                                        return index;
                                    }
                                }
                                return 0;
                            });

    /// What was asked last is answered first.
    static final Order NEWEST_FIRST =
            new Order("newest first", () -> ready -> ready.size() - 1);

    /// Dice, thrown alike each time.
    static Order dice(long seed) {
        return new Order(
                "dice " + seed,
                () -> {
                    Random dice = new Random(seed);
                    return ready -> dice.nextInt(ready.size());
                });
    }

    @Override
    public String toString() {
        return name;
    }
}
