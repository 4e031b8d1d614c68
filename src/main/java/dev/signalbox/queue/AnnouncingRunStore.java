package dev.signalbox.queue;

import dev.signalbox.store.ForwardingRunStore;
import dev.signalbox.store.Lease;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.RunChange.Next;
import dev.signalbox.store.RunStore;
import io.smallrye.mutiny.Uni;

/// A store that announces every commit to a journal to those who watch the run, and a run that comes
/// to rest while somebody wakes it, and child runs, to the workers.
public final class AnnouncingRunStore extends ForwardingRunStore {

    private final RunNews news;
    private final Relay relay;

    public AnnouncingRunStore(RunStore store, RunNews news, Relay relay) {
        super(store);
        this.news = news;
        this.relay = relay;
    }

    @Override
    public Uni<Long> append(Lease lease, RunChange change) {
        return super.append(lease, change).invoke(version -> announce(change, version));
    }

    private void announce(RunChange change, long version) {
        news.grown(change.after());
        change.children().forEach(child -> relay.wake(child.summary().identity().id()));
        if (change.next() instanceof Next.Rest rest && rest.wakeVersion() != version) {
            relay.wake(change.after().identity().id());
        }
    }
}
