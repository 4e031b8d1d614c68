package dev.signalbox.store.memory;

import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.Lease;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.RunChange.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A run's row and everything that hangs on it. Only touched under the lock of [MemoryState].
final class MemoryRun {

    private RunSummary summary;
    private final List<JournalEntry> journal = new ArrayList<>();
    private final Map<Digest, Json> payloads = new HashMap<>();
    private final Map<CommandId, RunCommand> inbox = new LinkedHashMap<>();
    private Optional<Instant> due;
    private Optional<Instant> dispatched = Optional.empty();
    private Optional<Holder> holder = Optional.empty();
    private long epoch;
    private long wakeVersion;

    private record Holder(String worker, Instant until) {}

    MemoryRun(NewRun run, Instant now) {
        summary = run.summary();
        journal.add(run.submitted());
        payloads.putAll(run.payloads());
        due = Optional.of(now);
    }

    RunSummary summary() {
        return summary;
    }

    List<JournalEntry> journal() {
        return journal;
    }

    Map<Digest, Json> payloads() {
        return payloads;
    }

    Map<CommandId, RunCommand> inbox() {
        return inbox;
    }

    long wakeVersion() {
        return wakeVersion;
    }

    Instant dueSince() {
        return due.orElse(Instant.MAX);
    }

    void wake(Instant now) {
        if (summary.status().terminal()) {
            return;
        }
        due = Optional.of(now);
        dispatched = Optional.empty();
        wakeVersion++;
    }

    /// Puts a command of another run into the inbox; answers whether anybody is there to read it.
    boolean post(RunCommand command, Instant now) {
        if (summary.status().terminal()) {
            return false;
        }
        inbox.put(command.id(), command);
        wake(now);
        return true;
    }

    /// Whether the run wants a worker and has none.
    boolean claimable(Instant now) {
        return !summary.status().terminal()
                && due.map(time -> !time.isAfter(now)).orElse(false)
                && holder.map(held -> held.until().isBefore(now)).orElse(true);
    }

    boolean dispatchable(Instant now, Duration resend) {
        return claimable(now)
                && dispatched.map(sent -> sent.isBefore(now.minus(resend))).orElse(true);
    }

    void dispatched(Instant now) {
        dispatched = Optional.of(now);
    }

    Lease claim(String worker, Instant until) {
        epoch++;
        dispatched = Optional.empty();
        holder = Optional.of(new Holder(worker, until));
        return new Lease(summary.identity().id(), worker, epoch);
    }

    boolean heldBy(Lease lease) {
        return epoch == lease.epoch()
                && holder.map(held -> held.worker().equals(lease.worker())).orElse(false);
    }

    void renew(Lease lease, Instant until) {
        holder = Optional.of(new Holder(lease.worker(), until));
    }

    void release(Instant now) {
        holder = Optional.empty();
        dispatched = Optional.empty();
        due = Optional.of(now);
    }

    void append(List<JournalEntry> entries, RunSummary after, Map<Digest, Json> more) {
        journal.addAll(entries);
        more.forEach(payloads::putIfAbsent);
        summary = after;
    }

    void next(Next next, Instant now) {
        switch (summary.status().terminal() ? new Next.End() : next) {
            case Next.Continue() -> {}
            case Next.Rest(Optional<Instant> wanted, long seen) -> {
                holder = Optional.empty();
                dispatched = Optional.empty();
                due = seen == wakeVersion ? wanted : Optional.of(now);
            }
            case Next.End() -> {
                holder = Optional.empty();
                dispatched = Optional.empty();
                due = Optional.empty();
            }
        }
    }
}
