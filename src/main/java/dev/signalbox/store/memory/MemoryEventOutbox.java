package dev.signalbox.store.memory;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.store.EventOutbox;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Notes for sinks, in tables of [MemoryState]. Leases end with the process.
final class MemoryEventOutbox implements EventOutbox {

    /// A sink that is open.
    ///
    /// @param asked when somebody has last opened it
    record Sink(String name, Instant asked) {}

    /// A note, and whose it is.
    record Kept(String sink, Note note) {}

    /// A dead letter, and whose it is.
    record Dead(long number, String sink, DeadLetter letter) {}

    private record Holder(String worker, Instant until) {}

    private final MemoryState state;
    private final Tables tables;
    private final Map<String, Holder> holders = new HashMap<>();

    MemoryEventOutbox(MemoryState state) {
        this.state = state;
        this.tables = state.outbox;
    }

    /// What is kept.
    static final class Tables {

        final Table<String, Sink> sinks;
        final Table<Long, Kept> notes;
        final Table<Long, Dead> dead;
        private final TreeMap<Long, Kept> notesInOrder = new TreeMap<>();
        private final TreeMap<Long, Dead> deadInOrder = new TreeMap<>(Comparator.reverseOrder());
        private long last;

        Tables(Changes changes) {
            sinks =
                    new Table<>(
                            new Table.Schema<>(
                                    "sinks", Sink.class, Sink::name, name -> name, name -> name),
                            new TreeMap<>(),
                            changes);
            notes =
                    new Table<>(
                            new Table.Schema<>(
                                    "sink-notes",
                                    Kept.class,
                                    kept -> kept.note().position(),
                                    String::valueOf,
                                    Long::valueOf),
                            notesInOrder,
                            changes);
            dead =
                    new Table<>(
                            new Table.Schema<>(
                                    "sink-dead-letters",
                                    Dead.class,
                                    Dead::number,
                                    String::valueOf,
                                    Long::valueOf),
                            deadInOrder,
                            changes);
        }

        /// Leaves a note of a commit for every sink.
        void note(List<JournalEntry> entries, Instant now) {
            if (entries.isEmpty()) {
                return;
            }
            RunId run = entries.getFirst().runId();
            long after = entries.getFirst().seq() - 1;
            for (Sink sink : sinks.values()) {
                last = 1 + (notesInOrder.isEmpty() ? last : Math.max(last, notesInOrder.lastKey()));
                notes.put(
                        new Kept(
                                sink.name(),
                                new Note(last, run, after, entries.getLast().seq(), now)));
            }
        }

        private void bury(String sink, DeadLetter letter) {
            long number = deadInOrder.isEmpty() ? 1 : deadInOrder.firstKey() + 1;
            dead.put(new Dead(number, sink, letter));
        }
    }

    @Override
    public Uni<Void> open(Set<String> sinks, Duration retired) {
        return state.atomically(
                        () -> {
                            Instant now = state.now();
                            if (sinks.isEmpty()) {
                                return now;
                            }
                            sinks.forEach(name -> tables.sinks.put(new Sink(name, now)));
                            List.copyOf(tables.sinks.values()).stream()
                                    .filter(sink -> sink.asked().isBefore(now.minus(retired)))
                                    .forEach(sink -> close(sink.name()));
                            return now;
                        })
                .replaceWithVoid();
    }

    private void close(String sink) {
        tables.sinks.remove(sink);
        List.copyOf(tables.notes.values()).stream()
                .filter(kept -> kept.sink().equals(sink))
                .forEach(kept -> tables.notes.remove(kept.note().position()));
    }

    @Override
    public Uni<List<Note>> take(
            String sink, String worker, Duration lease, int limit, Set<RunId> except) {
        return state.atomically(
                () -> {
                    Instant now = state.now();
                    boolean taken =
                            Optional.ofNullable(holders.get(sink))
                                    .filter(holder -> !holder.worker().equals(worker))
                                    .filter(holder -> holder.until().isAfter(now))
                                    .isPresent();
                    if (taken) {
                        return List.of();
                    }
                    holders.put(sink, new Holder(worker, now.plus(lease)));
                    return tables.notes.values().stream()
                            .filter(kept -> kept.sink().equals(sink))
                            .map(Kept::note)
                            .filter(note -> !except.contains(note.run()))
                            .limit(limit)
                            .toList();
                });
    }

    @Override
    public Uni<Void> settle(String sink, Collection<Note> notes, List<DeadLetter> dead) {
        return state.atomically(
                        () -> {
                            notes.forEach(note -> tables.notes.remove(note.position()));
                            dead.forEach(letter -> tables.bury(sink, letter));
                            return sink;
                        })
                .replaceWithVoid();
    }

    @Override
    public Uni<List<DeadLetter>> deadLetters(String sink, int limit) {
        return state.atomically(
                () ->
                        tables.dead.values().stream()
                                .filter(dead -> dead.sink().equals(sink))
                                .limit(limit)
                                .map(Dead::letter)
                                .toList());
    }
}
