package dev.signalbox.store.memory;

import dev.signalbox.store.Backend;
import dev.signalbox.store.RunStoreContract;

final class MemoryRunStoreTest extends RunStoreContract {

    private final Backend backend = new MemoryBackend();

    @Override
    protected Backend backend() {
        return backend;
    }
}
