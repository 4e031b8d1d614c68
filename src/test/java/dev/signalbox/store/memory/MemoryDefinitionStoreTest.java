package dev.signalbox.store.memory;

import dev.signalbox.store.Backend;
import dev.signalbox.store.DefinitionStoreContract;

final class MemoryDefinitionStoreTest extends DefinitionStoreContract {

    private final Backend backend = new MemoryBackend();

    @Override
    protected Backend backend() {
        return backend;
    }
}
