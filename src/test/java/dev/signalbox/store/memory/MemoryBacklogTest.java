package dev.signalbox.store.memory;

import dev.signalbox.store.Backend;
import dev.signalbox.store.BacklogContract;

final class MemoryBacklogTest extends BacklogContract {

    private final Backend backend = new MemoryBackend();

    @Override
    protected Backend backend() {
        return backend;
    }
}
