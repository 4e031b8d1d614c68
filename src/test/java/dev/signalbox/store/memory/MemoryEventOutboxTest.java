package dev.signalbox.store.memory;

import dev.signalbox.store.Backend;
import dev.signalbox.store.EventOutboxContract;

final class MemoryEventOutboxTest extends EventOutboxContract {

    private final Backend backend = new MemoryBackend();

    @Override
    protected Backend backend() {
        return backend;
    }
}
