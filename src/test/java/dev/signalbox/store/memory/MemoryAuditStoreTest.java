package dev.signalbox.store.memory;

import dev.signalbox.store.AuditStoreContract;
import dev.signalbox.store.Backend;

final class MemoryAuditStoreTest extends AuditStoreContract {

    private final Backend backend = new MemoryBackend();

    @Override
    protected Backend backend() {
        return backend;
    }
}
