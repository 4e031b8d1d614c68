package dev.signalbox.store;

import java.time.Duration;

/// A backend under test: its stores over one database, and its passing of time.
public interface Backend {

    RunStore runs();

    RunLeases leases();

    RunInbox inbox();

    ApprovalInbox approvals();

    AuditStore audit();

    DefinitionStore definitions();

    Backlogs backlogs();

    JobStore jobs();

    Retention retention();

    LegalHolds holds();

    EventOutbox outbox();

    BulkStore bulks();

    /// Lets time pass on the store's clock.
    void pass(Duration time);
}
