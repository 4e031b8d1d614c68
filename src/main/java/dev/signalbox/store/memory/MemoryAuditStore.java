package dev.signalbox.store.memory;

import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.AuditId;
import dev.signalbox.store.AuditStore;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import io.smallrye.mutiny.Uni;

/// Audit records.
final class MemoryAuditStore implements AuditStore {

    private final MemoryState state;

    MemoryAuditStore(MemoryState state) {
        this.state = state;
    }

    @Override
    public Uni<Void> record(AuditRecord audit) {
        return state.atomically(() -> recorded(audit)).replaceWithVoid();
    }

    private AuditRecord recorded(AuditRecord audit) {
        if (state.audit.find(audit.id()).isPresent()) {
            throw new IllegalStateException("an audit record never changes");
        }
        state.audit.put(audit);
        return audit;
    }

    @Override
    public Uni<Page<AuditRecord>> list(AuditFilter filter, PageRequest page) {
        return state.atomically(
                () ->
                        MemoryState.page(
                                state.audit.after(page, AuditId::new).stream()
                                        .filter(audit -> matches(filter, audit)),
                                page,
                                audit -> new Cursor(0, audit.id().value())));
    }

    private static boolean matches(AuditFilter filter, AuditRecord audit) {
        return audit.actor().tenant().equals(filter.tenant())
                && (filter.runId().isEmpty() || filter.runId().equals(audit.runId()))
                && filter.actor().map(audit.actor().name()::equals).orElse(true)
                && filter.action().map(audit.action()::equals).orElse(true)
                && filter.since().map(since -> !audit.at().isBefore(since)).orElse(true);
    }
}
