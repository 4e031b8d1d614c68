package dev.signalbox.store.memory;

import dev.signalbox.store.Backend;
import dev.signalbox.store.RetentionContract;

final class MemoryRetentionTest extends RetentionContract {

    private final Backend backend = new MemoryBackend();

    @Override
    protected Backend backend() {
        return backend;
    }
}
