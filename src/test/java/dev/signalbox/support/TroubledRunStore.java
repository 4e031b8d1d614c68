package dev.signalbox.support;

import dev.signalbox.store.ForwardingRunStore;
import dev.signalbox.store.Lease;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.RunStore;
import io.smallrye.mutiny.Uni;

/// A store at the end of a bad line: a test says what becomes of each append.
public final class TroubledRunStore extends ForwardingRunStore {

    /// What happens on the way there and back.
    public interface Line {
        Uni<Long> carry(RunChange change, Uni<Long> append);
    }

    private Line line = (_, append) -> append;

    public TroubledRunStore(RunStore store) {
        super(store);
    }

    public void line(Line next) {
        line = next;
    }

    @Override
    public Uni<Long> append(Lease lease, RunChange change) {
        return Uni.createFrom().deferred(() -> line.carry(change, super.append(lease, change)));
    }
}
