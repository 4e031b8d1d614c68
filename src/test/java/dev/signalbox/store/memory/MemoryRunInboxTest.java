package dev.signalbox.store.memory;

import dev.signalbox.store.Backend;
import dev.signalbox.store.RunInboxContract;

final class MemoryRunInboxTest extends RunInboxContract {

    private final Backend backend = new MemoryBackend();

    @Override
    protected Backend backend() {
        return backend;
    }
}
