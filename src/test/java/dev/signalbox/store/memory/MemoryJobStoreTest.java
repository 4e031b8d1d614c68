package dev.signalbox.store.memory;

import dev.signalbox.store.Backend;
import dev.signalbox.store.JobStoreContract;

final class MemoryJobStoreTest extends JobStoreContract {

    private final Backend backend = new MemoryBackend();

    @Override
    protected Backend backend() {
        return backend;
    }
}
