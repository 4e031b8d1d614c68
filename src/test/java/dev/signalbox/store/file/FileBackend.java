package dev.signalbox.store.file;

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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/// The stores of a directory, whose clock only the test moves. The log is written anew all the time.
final class FileBackend implements Backend, AutoCloseable {

    private static final long GROWTH = 2_000;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final FileDatabase database;

    FileBackend(Path directory) {
        this(directory, Disk.FILES, GROWTH);
    }

    FileBackend(Path directory, Disk disk, long growth) {
        database = FileDatabase.open(directory, disk, now::get, growth);
    }

    FileDatabase database() {
        return database;
    }

    @Override
    public RunStore runs() {
        return database.stores().runs();
    }

    @Override
    public RunLeases leases() {
        return database.stores().leases();
    }

    @Override
    public RunInbox inbox() {
        return database.stores().inbox();
    }

    @Override
    public ApprovalInbox approvals() {
        return database.stores().approvals();
    }

    @Override
    public AuditStore audit() {
        return database.stores().audit();
    }

    @Override
    public DefinitionStore definitions() {
        return database.stores().definitions();
    }

    @Override
    public Backlogs backlogs() {
        return database.stores().backlogs();
    }

    @Override
    public EventOutbox outbox() {
        return database.stores().outbox();
    }

    @Override
    public BulkStore bulks() {
        return database.stores().bulks();
    }

    @Override
    public JobStore jobs() {
        return database.stores().jobs();
    }

    @Override
    public Retention retention() {
        return database.stores().retention();
    }

    @Override
    public LegalHolds holds() {
        return database.stores().holds();
    }

    @Override
    public void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    @Override
    public void close() {
        database.close();
    }
}
