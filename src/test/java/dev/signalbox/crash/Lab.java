package dev.signalbox.crash;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.store.ApprovalInbox;
import dev.signalbox.store.RunInbox;
import dev.signalbox.store.RunLeases;
import dev.signalbox.store.RunStore;
import dev.signalbox.store.memory.MemoryDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// A store and the passing of time.
///
/// @param clock the clock of every process, which only the test moves
/// @param pass lets so much time pass for a run that its lease is over and its timers are due
record Lab(
        RunStore runs,
        RunLeases leases,
        RunInbox inbox,
        ApprovalInbox approvals,
        InstantSource clock,
        Consumer<RunId> pass) {

    /// Longer than a lease and than the pause before a retry.
    static final Duration WHILE = Duration.ofMinutes(1);

    /// A memory store of its own.
    static Lab memory() {
        AtomicReference<Instant> now =
                new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        MemoryDatabase database = new MemoryDatabase(now::get);
        return new Lab(
                database.runs(),
                database.leases(),
                database.inbox(),
                database.approvals(),
                now::get,
                _ -> now.updateAndGet(before -> before.plus(WHILE)));
    }

    Lab with(RunStore other) {
        return new Lab(other, leases, inbox, approvals, clock, pass);
    }

    Lab with(RunLeases other) {
        return new Lab(runs, other, inbox, approvals, clock, pass);
    }
}
