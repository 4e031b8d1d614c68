package dev.signalbox.store.memory;

import dev.signalbox.store.Backend;
import dev.signalbox.store.BulkStoreContract;

final class MemoryBulkStoreTest extends BulkStoreContract {

    private final Backend backend = new MemoryBackend();

    @Override
    protected Backend backend() {
        return backend;
    }
}
