package dev.signalbox.store.postgres;

import dev.signalbox.store.ApprovalInbox;
import dev.signalbox.store.AuditStore;
import dev.signalbox.store.Backlogs;
import dev.signalbox.store.Broadcasts;
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
import java.util.concurrent.atomic.AtomicBoolean;

/// All stores over one PostgreSQL database, version 15 or later, that the migrations have been
/// through.
///
/// Guarantee: callers may be on any thread. Consequence: nobody above the store has to know about
/// sessions or contexts.
public final class PostgresDatabase {

    private final RunStore runs;
    private final RunLeases leases;
    private final RunInbox inbox;
    private final ApprovalInbox approvals;
    private final AuditStore audit;
    private final DefinitionStore definitions;
    private final Backlogs backlogs;
    private final JobStore jobs;
    private final BulkStore bulks;
    private final Broadcasts broadcasts;
    private final Retention retention;
    private final LegalHolds holds;
    private final EventOutbox outbox;

    /// Whether a connection should keep the statement prepared.
    public static boolean prepared(String sql) {
        return !sql.startsWith(Sql.PLANNED_EACH_TIME);
    }

    /// @param pool to the same database as the default persistence unit
    public PostgresDatabase(Pool pool, Vertx vertx) {
        Sql sql = new Sql(pool);
        Sessions sessions = new Sessions(new OnContext(vertx));
        AtomicBoolean noting = new AtomicBoolean();
        Batches<Append.Item, Long> appends = Append.batches(sql, noting);
        runs = new PostgresRunStore(sql, appends, noting);
        leases = new PostgresRunLeases(sql, appends);
        inbox = new PostgresRunInbox(sql, new Wakeups(pool));
        approvals = new PostgresApprovalInbox(sql, sessions);
        audit = new PostgresAuditStore(sql, sessions);
        definitions = new PostgresDefinitionStore(sql, sessions);
        backlogs = new PostgresBacklogs(sql);
        jobs = new PostgresJobStore(sql, new Listening(pool, PostgresJobStore.CHANNEL));
        bulks = new PostgresBulkStore(sql);
        broadcasts = new PostgresBroadcasts(sql, pool);
        retention = new PostgresRetention(sql);
        holds = new PostgresLegalHolds(sql);
        outbox = new PostgresEventOutbox(sql, noting);
    }

    public RunStore runs() {
        return runs;
    }

    public RunLeases leases() {
        return leases;
    }

    public RunInbox inbox() {
        return inbox;
    }

    public ApprovalInbox approvals() {
        return approvals;
    }

    public AuditStore audit() {
        return audit;
    }

    public DefinitionStore definitions() {
        return definitions;
    }

    public Backlogs backlogs() {
        return backlogs;
    }

    public EventOutbox outbox() {
        return outbox;
    }

    public JobStore jobs() {
        return jobs;
    }

    public BulkStore bulks() {
        return bulks;
    }

    public Broadcasts broadcasts() {
        return broadcasts;
    }

    public Retention retention() {
        return retention;
    }

    public LegalHolds holds() {
        return holds;
    }
}
