package dev.signalbox.store.memory;

import io.smallrye.mutiny.Uni;
import java.util.List;

/// Where the changes of every call go before anybody hears of them.
public interface ChangeLog {

    /// For what may end with the process.
    ChangeLog NONE =
            new ChangeLog() {

                @Override
                public boolean keeps() {
                    return false;
                }

                @Override
                public long append(List<Change> changes) {
                    return 0;
                }

                @Override
                public <T> Uni<T> durable(long position, T answer) {
                    return Uni.createFrom().item(answer);
                }
            };

    /// Whether anybody reads the changes.
    boolean keeps();

    /// Takes the changes of one call, to be kept all or none; answers the position of the last call
    /// that it has taken. Calls come one at a time. Returns at once.
    long append(List<Change> changes);

    /// Gives the answer when everything up to `position` is kept for good.
    <T> Uni<T> durable(long position, T answer);
}
