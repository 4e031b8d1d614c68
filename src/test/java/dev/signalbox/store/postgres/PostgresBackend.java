package dev.signalbox.store.postgres;

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
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;

/// The application's own pool and persistence unit; time passes by itself.
@ApplicationScoped
public class PostgresBackend implements Backend {

    private final PostgresDatabase database;

    /// @param pool looked up when it is used: an application without a database has none
    PostgresBackend(Instance<Pool> pool, Vertx vertx) {
        database = new PostgresDatabase(pool.get(), vertx);
    }

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
        try {
            Thread.sleep(time);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
