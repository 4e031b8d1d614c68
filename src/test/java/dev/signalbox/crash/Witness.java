package dev.signalbox.crash;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.store.ForwardingRunStore;
import dev.signalbox.store.Lease;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.RunStore;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashMap;
import java.util.Map;

/// Remembers what the store has acknowledged.
final class Witness extends ForwardingRunStore {

    private final Map<Digest, JournalEntry> acknowledged = new LinkedHashMap<>();

    Witness(RunStore store) {
        super(store);
    }

    Map<Digest, JournalEntry> acknowledged() {
        return Map.copyOf(acknowledged);
    }

    @Override
    public Uni<Long> append(Lease lease, RunChange change) {
        return super.append(lease, change)
                .invoke(
                        () ->
                                change.entries()
                                        .forEach(entry -> acknowledged.put(entry.hash(), entry)));
    }
}
