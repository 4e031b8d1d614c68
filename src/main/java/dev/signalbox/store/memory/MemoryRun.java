package dev.signalbox.store.memory;

import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.Lease;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.RunChange.Next;
import dev.signalbox.wire.CommandCodec;
import dev.signalbox.wire.RecordCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A run's row and everything that hangs on it. Only touched under the lock of [MemoryState].
final class MemoryRun {

    private static final String ROWS = "runs";
    private static final String ENTRIES = "journal";
    private static final String PAYLOADS = "payloads";
    private static final String COMMANDS = "commands";
    private static final char SLASH = '/';

    private final Changes changes;
    private final List<JournalEntry> journal = new ArrayList<>();
    private final Map<Digest, Json> payloads = new HashMap<>();
    private final Map<CommandId, RunCommand> inbox = new LinkedHashMap<>();
    private @Nullable RunSummary summary;
    private Optional<Instant> due = Optional.empty();
    private Optional<Instant> dispatched = Optional.empty();
    private Optional<Holder> holder = Optional.empty();
    private long epoch;
    private long wakeVersion;

    private record Holder(String worker, Instant until) {}

    /// What is kept of the row itself. Leases are not: they end with the process.
    private record Row(RunSummary summary, Optional<Instant> due, long epoch, long wakeVersion) {}

    private MemoryRun(Changes changes) {
        this.changes = changes;
    }

    static MemoryRun begin(NewRun run, Instant now, Changes changes) {
        MemoryRun row = new MemoryRun(changes);
        row.due = Optional.of(now);
        row.append(List.of(run.submitted()), run.summary(), run.payloads());
        return row;
    }

    /// A run of which nothing is known yet, to be restored.
    static MemoryRun blank(Changes changes) {
        return new MemoryRun(changes);
    }

    /// Which run a change of one is about.
    static RunId runOf(Change change) {
        String key = change.key();
        int slash = key.indexOf(SLASH);
        return RunId.of(slash < 0 ? key : key.substring(0, slash));
    }

    /// Notes that the run and all that hangs on it are gone.
    static void noteGone(RunId id, Changes changes) {
        changes.note(ROWS, id.toString(), Optional::empty);
    }

    /// Whether the change says that its run is gone.
    static boolean isGone(Change change) {
        return change.table().equals(ROWS) && change.row().isEmpty();
    }

    RunSummary summary() {
        return Objects.requireNonNull(summary);
    }

    List<JournalEntry> journal() {
        return journal;
    }

    Map<Digest, Json> payloads() {
        return Collections.unmodifiableMap(payloads);
    }

    /// Keeps a payload, unless it has it.
    void keep(Digest digest, Json payload) {
        if (payloads.putIfAbsent(digest, payload) == null) {
            note(PAYLOADS, digest.value(), () -> Optional.ofNullable(payloads.get(digest)));
        }
    }

    Collection<RunCommand> inbox() {
        return Collections.unmodifiableCollection(inbox.values());
    }

    void ask(RunCommand command) {
        inbox.put(command.id(), command);
        note(command.id());
    }

    void answered(Set<CommandId> commands) {
        commands.forEach(
                id -> {
                    inbox.remove(id);
                    note(id);
                });
    }

    long wakeVersion() {
        return wakeVersion;
    }

    Instant dueSince() {
        return due.orElse(Instant.MAX);
    }

    void wake(Instant now) {
        if (summary().status().terminal()) {
            return;
        }
        due = Optional.of(now);
        dispatched = Optional.empty();
        wakeVersion++;
        noteRow();
    }

    /// Puts a command of another run into the inbox; answers whether anybody is there to read it.
    boolean post(RunCommand command, Instant now) {
        if (summary().status().terminal()) {
            return false;
        }
        ask(command);
        wake(now);
        return true;
    }

    /// Whether the run wants a worker and has none.
    boolean claimable(Instant now) {
        return !summary().status().terminal()
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
        return new Lease(summary().identity().id(), worker, epoch);
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
        noteRow();
    }

    void append(List<JournalEntry> entries, RunSummary after, Map<Digest, Json> more) {
        summary = after;
        noteRow();
        journal.addAll(entries);
        entries.forEach(
                entry ->
                        note(
                                ENTRIES,
                                Long.toString(entry.seq()),
                                () -> Optional.of(RecordCodec.encode(entry))));
        more.forEach(this::keep);
    }

    void next(Next next, Instant now) {
        noteRow();
        switch (summary().status().terminal() ? new Next.End() : next) {
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

    /// Everything about the run as the changes that make it, to be written out of the lock.
    Supplier<List<Change>> copy() {
        RunId id = summary().identity().id();
        Row row = row();
        List<JournalEntry> entries = List.copyOf(journal);
        Map<Digest, Json> kept = new HashMap<>(payloads);
        List<RunCommand> asked = List.copyOf(inbox.values());
        return () -> {
            List<Change> all = new ArrayList<>();
            all.add(new Change(ROWS, id.toString(), Optional.of(RecordCodec.encode(row))));
            entries.forEach(
                    entry -> all.add(change(id, ENTRIES, entry.seq(), RecordCodec.encode(entry))));
            kept.forEach((digest, payload) -> all.add(change(id, PAYLOADS, digest, payload)));
            asked.forEach(
                    command ->
                            all.add(
                                    change(
                                            id,
                                            COMMANDS,
                                            command.id(),
                                            CommandCodec.encode(command))));
            return all;
        };
    }

    void restore(Change change) {
        String part = change.key().substring(change.key().indexOf(SLASH) + 1);
        switch (change.table()) {
            case ROWS -> restore(RecordCodec.decode(Row.class, change.row().orElseThrow()));
            case ENTRIES ->
                    restore(RecordCodec.decode(JournalEntry.class, change.row().orElseThrow()));
            case PAYLOADS -> payloads.put(new Digest(part), change.row().orElseThrow());
            case COMMANDS -> {
                inbox.remove(CommandId.of(part));
                change.row()
                        .map(CommandCodec::decode)
                        .ifPresent(command -> inbox.put(command.id(), command));
            }
            default -> throw new IllegalStateException("no table is called " + change.table());
        }
    }

    private void restore(Row row) {
        summary = row.summary();
        due = row.due();
        epoch = row.epoch();
        wakeVersion = row.wakeVersion();
    }

    private void restore(JournalEntry entry) {
        if (entry.seq() == journal.size() + 1L) {
            journal.add(entry);
        } else if (entry.seq() > journal.size()) {
            throw new IllegalStateException(
                    "entry %d of run %s follows entry %d"
                            .formatted(entry.seq(), entry.runId(), journal.size()));
        }
    }

    private Row row() {
        return new Row(summary(), due, epoch, wakeVersion);
    }

    private void noteRow() {
        changes.note(ROWS, id(), () -> Optional.of(RecordCodec.encode(row())));
    }

    private void note(CommandId command) {
        note(
                COMMANDS,
                command.toString(),
                () -> Optional.ofNullable(inbox.get(command)).map(CommandCodec::encode));
    }

    private void note(String table, String part, Supplier<Optional<Json>> row) {
        changes.note(table, id() + SLASH + part, row);
    }

    private String id() {
        return summary().identity().id().toString();
    }

    private static Change change(RunId run, String table, Object part, Json row) {
        return new Change(table, run.toString() + SLASH + part, Optional.of(row));
    }
}
