package dev.signalbox.store;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/// What is said to every process that uses the store, and kept nowhere.
///
/// Guarantee: none; words get lost while a process is not listening. Order is kept between two
/// processes.
public interface Broadcasts {

    /// Most characters at once: PostgreSQL carries 8,000 bytes, and a character may need three.
    int LONGEST = 2_600;

    /// Nobody else is there to hear anything.
    Broadcasts NONE =
            new Broadcasts() {
                @Override
                public Uni<Void> say(String words) {
                    return Uni.createFrom().voidItem();
                }

                @Override
                public Multi<String> heard() {
                    return Multi.createFrom().nothing();
                }
            };

    /// @throws IllegalArgumentException if the words are longer than [#LONGEST]
    Uni<Void> say(String words);

    /// What is said from now on, the words of this process among it.
    Multi<String> heard();
}
