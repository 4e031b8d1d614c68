package dev.signalbox.store.memory;

import dev.signalbox.store.ApprovalInbox;
import dev.signalbox.store.AuditStore;
import dev.signalbox.store.Backend;
import dev.signalbox.store.Backlogs;
import dev.signalbox.store.BulkStore;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.EventOutbox;
import dev.signalbox.store.JobStore;
import dev.signalbox.store.LegalHolds;
import dev.signalbox.store.Retention;
import dev.signalbox.store.RunInbox;
import dev.signalbox.store.RunLeases;
import dev.signalbox.store.RunStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/// A fresh memory database whose clock only the test moves.
final class MemoryBackend implements Backend {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final MemoryDatabase database = new MemoryDatabase(now::get);

    @Override
    public RunStore runs() {
        return database.runs();
    }

    @Override
    public RunLeases leases() {
        return database.leases();
    }

    @Override
    public RunInbox inbox() {
        return database.inbox();
    }

    @Override
    public ApprovalInbox approvals() {
        return database.approvals();
    }

    @Override
    public AuditStore audit() {
        return database.audit();
    }

    @Override
    public DefinitionStore definitions() {
        return database.definitions();
    }

    @Override
    public Backlogs backlogs() {
        return database.backlogs();
    }

    @Override
    public EventOutbox outbox() {
        return database.outbox();
    }

    @Override
    public BulkStore bulks() {
        return database.bulks();
    }

    @Override
    public JobStore jobs() {
        return database.jobs();
    }

    @Override
    public Retention retention() {
        return database.retention();
    }

    @Override
    public LegalHolds holds() {
        return database.holds();
    }

    @Override
    public void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }
}
