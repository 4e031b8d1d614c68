package dev.signalbox.store.memory;

import dev.signalbox.store.ApprovalInbox;
import dev.signalbox.store.AuditStore;
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
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/// All stores over one memory: what one of them commits, the others see at once.
///
/// Guarantee: every call is atomic. Consequence: the memory store keeps the same promises as a
/// database, except that nothing survives the process unless a [ChangeLog] keeps it.
public final class MemoryDatabase {

    private final MemoryState state;
    private final RunStore runs;
    private final RunLeases leases;
    private final RunInbox inbox;
    private final ApprovalInbox approvals;
    private final AuditStore audit;
    private final DefinitionStore definitions;
    private final Backlogs backlogs;
    private final JobStore jobs;
    private final Retention retention;
    private final LegalHolds holds;
    private final EventOutbox outbox;
    private final BulkStore bulks;

    /// @param clock decides leases, due times and expiries
    public MemoryDatabase(InstantSource clock) {
        this(clock, ChangeLog.NONE);
    }

    /// @param log is told of every change before anybody hears of it
    public MemoryDatabase(InstantSource clock, ChangeLog log) {
        state = new MemoryState(clock, log);
        MemoryRunStore memory = new MemoryRunStore(state);
        runs = memory;
        leases = new MemoryRunLeases(state);
        inbox = new MemoryRunInbox(state);
        approvals = new MemoryApprovalInbox(state);
        audit = new MemoryAuditStore(state);
        definitions = new MemoryDefinitionStore(state);
        backlogs = new MemoryBacklogs(state);
        jobs = new MemoryJobStore(state, memory);
        retention = new MemoryRetention(state);
        holds = new MemoryLegalHolds(state);
        outbox = new MemoryEventOutbox(state);
        bulks = new MemoryBulkStore(state);
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

    public Retention retention() {
        return retention;
    }

    public LegalHolds holds() {
        return holds;
    }

    public BulkStore bulks() {
        return bulks;
    }

    /// Puts back what a change says: for filling a database before anybody uses it.
    public void restore(Change change) {
        state.restore(change);
    }

    /// Everything there is, as the changes that make it, a few at a time. What changes meanwhile may
    /// be in it or not.
    public void everything(Consumer<List<Change>> sink) {
        state.everything(sink);
    }
}
