package dev.signalbox.store.memory;

import dev.signalbox.store.Backend;
import dev.signalbox.store.RunListContract;

final class MemoryRunListTest extends RunListContract {

    private final Backend backend = new MemoryBackend();

    @Override
    protected Backend backend() {
        return backend;
    }
}
