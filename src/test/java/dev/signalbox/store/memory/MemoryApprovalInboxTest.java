package dev.signalbox.store.memory;

import dev.signalbox.store.ApprovalInboxContract;
import dev.signalbox.store.Backend;

final class MemoryApprovalInboxTest extends ApprovalInboxContract {

    private final Backend backend = new MemoryBackend();

    @Override
    protected Backend backend() {
        return backend;
    }
}
