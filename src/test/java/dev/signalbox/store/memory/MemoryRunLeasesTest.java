package dev.signalbox.store.memory;

import dev.signalbox.store.Backend;
import dev.signalbox.store.RunLeasesContract;

final class MemoryRunLeasesTest extends RunLeasesContract {

    private final Backend backend = new MemoryBackend();

    @Override
    protected Backend backend() {
        return backend;
    }
}
