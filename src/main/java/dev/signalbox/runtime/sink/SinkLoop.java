package dev.signalbox.runtime.sink;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.observe.RunMetrics;
import dev.signalbox.queue.Outage;
import dev.signalbox.runtime.http.EgressRefused;
import dev.signalbox.runtime.sink.EventContents.Content;
import dev.signalbox.runtime.sink.EventSink.NotNow;
import dev.signalbox.runtime.sink.EventSink.Refused;
import dev.signalbox.store.EventOutbox;
import dev.signalbox.store.EventOutbox.DeadLetter;
import dev.signalbox.store.EventOutbox.Note;
import dev.signalbox.store.RunStore;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Stream;

/// Delivers to one sink what its notes say.
///
/// Guarantee: a note goes when each of its events has been taken or given up. Events of one run go one
/// after another; one that is not taken holds up its own run and no other. At most [#NOTES] notes are
/// in memory, whatever waits, and nothing is sent when another process may have the sink.
final class SinkLoop {

    private static final int NOTES = 64;
    private static final int RUNS = 8;
    private static final int ENTRIES = 256;

    /// So many runs in trouble mean that the sink is: no others are tried before one of them is.
    private static final int TROUBLED = 64;

    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final SinkTerms terms;
    private final String worker;
    private final EventSink sink;
    private final Parts parts;
    private final Outage outage;
    private final Unfinished unfinished = new Unfinished();
    private volatile Optional<Instant> oldest = Optional.empty();
    private volatile Duration pause = IDLE;

    SinkLoop(SinkTerms terms, String worker, EventSink sink, Parts parts) {
        this.terms = terms;
        this.worker = worker;
        this.sink = sink;
        this.parts = parts;
        this.outage = new Outage("the sink " + terms.name(), "its events wait");
    }

    /// What every loop needs.
    record Parts(
            EventOutbox outbox,
            RunStore runs,
            EventContents contents,
            ProposedCalls calls,
            RunMetrics metrics,
            InstantSource clock) {}

    /// One round; answers how long to wait before the next. Never fails.
    Uni<Duration> round() {
        Instant now = parts.clock().instant();
        Set<RunId> resting = unfinished.resting(now);
        if (resting.size() >= TROUBLED) {
            return Uni.createFrom().item(unfinished.next(now, LONGEST));
        }
        Instant until = now.plus(terms.lease().dividedBy(2));
        return parts.outbox()
                .take(terms.name(), worker, terms.lease(), NOTES, resting)
                .invoke(notes -> heardOf(notes, resting))
                .chain(notes -> deliver(notes, until))
                .onFailure()
                .recoverWithItem(this::later);
    }

    /// How long the oldest event has waited that this process knows of and could not deliver yet.
    Duration lag() {
        Instant now = parts.clock().instant();
        return oldest.map(since -> Duration.between(since, now))
                .filter(lag -> !lag.isNegative())
                .orElse(Duration.ZERO);
    }

    private void heardOf(List<Note> notes, Set<RunId> resting) {
        if (notes.size() < NOTES) {
            Set<RunId> all = new HashSet<>(resting);
            notes.forEach(note -> all.add(note.run()));
            unfinished.keepOnly(all);
        }
        Optional<Instant> first = notes.stream().map(Note::at).min(Instant::compareTo);
        oldest =
                Stream.concat(first.stream(), unfinished.oldest().stream())
                        .min(Instant::compareTo);
    }

    private Duration later(Throwable failure) {
        outage.began(failure);
        Duration now = pause;
        Duration twice = now.multipliedBy(2);
        pause = twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
        return now;
    }

    private Uni<Duration> deliver(List<Note> notes, Instant until) {
        if (notes.isEmpty()) {
            return Uni.createFrom().item(IDLE);
        }
        Queue<Note> done = new ConcurrentLinkedQueue<>();
        return Multi.createFrom()
                .iterable(byRun(notes))
                .onItem()
                .transformToUni(ofRun -> deliver(ofRun, until, done))
                .merge(RUNS)
                .onItem()
                .ignoreAsUni()
                .chain(() -> settle(done))
                .map(_ -> goOn(notes.size() == NOTES));
    }

    private Uni<Void> settle(Collection<Note> done) {
        return done.isEmpty()
                ? Uni.createFrom().voidItem()
                : parts.outbox().settle(terms.name(), done, List.of());
    }

    /// @param more whether there are notes that nobody has seen yet, perhaps
    private Duration goOn(boolean more) {
        if (!more) {
            oldest = unfinished.oldest();
        }
        if (unfinished.none()) {
            outage.ended();
        }
        pause = IDLE;
        return Duration.ZERO;
    }

    private static List<List<Note>> byRun(List<Note> notes) {
        Map<RunId, List<Note>> runs = new LinkedHashMap<>();
        notes.forEach(note -> runs.computeIfAbsent(note.run(), _ -> new ArrayList<>()).add(note));
        return List.copyOf(runs.values());
    }

    private Uni<Void> deliver(List<Note> notes, Instant until, Queue<Note> done) {
        RunId id = notes.getFirst().run();
        long last = notes.getLast().lastSeq();
        long after = Math.max(notes.getFirst().afterSeq(), unfinished.done(id));
        return parts.runs()
                .find(id)
                .chain(
                        found ->
                                found.map(run -> deliver(run, after, last, until))
                                        .orElseGet(() -> Uni.createFrom().item(last)))
                .invoke(
                        reached -> {
                            notes.stream()
                                    .filter(note -> note.lastSeq() <= reached)
                                    .forEach(done::add);
                            if (reached >= last) {
                                unfinished.finished(id);
                            }
                        })
                .onFailure()
                .invoke(
                        failure ->
                                failed(
                                        id,
                                        Math.max(after, unfinished.done(id)),
                                        notes.getFirst().at(),
                                        failure))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    /// Answers how far everything has been delivered.
    private Uni<Long> deliver(RunSummary run, long after, long last, Instant until) {
        int most = (int) Math.min(ENTRIES, last - after);
        if (most <= 0) {
            return Uni.createFrom().item(last);
        }
        return parts.runs()
                .journal(run.identity().id(), after, most)
                .chain(
                        entries ->
                                entries.isEmpty()
                                        ? Uni.createFrom().item(last)
                                        : deliver(run, upTo(last, entries), after, until));
    }

    private static List<JournalEntry> upTo(long last, List<JournalEntry> entries) {
        return entries.stream().filter(entry -> entry.seq() <= last).toList();
    }

    private Uni<Long> deliver(
            RunSummary run, List<JournalEntry> entries, long after, Instant until) {
        List<JournalEntry> wanted =
                entries.stream().filter(entry -> wanted(run.identity(), entry)).toList();
        if (wanted.isEmpty()) {
            return Uni.createFrom().item(entries.getLast().seq());
        }
        Leg leg = new Leg(after, until);
        return Uni.combine()
                .all()
                .unis(
                        parts.contents().of(run, wanted, terms.piiSafe()),
                        parts.calls().of(run.identity().id(), wanted))
                .with((contents, tools) -> events(run, wanted, contents, tools))
                .onItem()
                .transformToMulti(events -> Multi.createFrom().iterable(events))
                .onItem()
                .transformToUniAndConcatenate(event -> send(event, leg))
                .onItem()
                .ignoreAsUni()
                .map(_ -> leg.stopped ? leg.reached : entries.getLast().seq());
    }

    private static List<OutgoingEvent> events(
            RunSummary run,
            List<JournalEntry> entries,
            Function<JournalEntry, Content> contents,
            Map<EffectId, String> tools) {
        return entries.stream()
                .map(
                        entry ->
                                new OutgoingEvent(
                                        run.identity(),
                                        entry,
                                        entry.effectId()
                                                .flatMap(id -> Optional.ofNullable(tools.get(id))),
                                        contents.apply(entry)))
                .toList();
    }

    private boolean wanted(RunIdentity run, JournalEntry entry) {
        return terms.types().match(OutgoingEvent.type(entry))
                && terms.definitions().match(run.definition().name())
                && terms.tenants().match(run.tenant());
    }

    /// How far one run's events have come in this round; they go one after another.
    private static final class Leg {

        private final Instant until;
        private volatile long reached;
        private volatile boolean stopped;

        Leg(long reached, Instant until) {
            this.reached = reached;
            this.until = until;
        }
    }

    private Uni<Void> send(OutgoingEvent event, Leg leg) {
        JournalEntry entry = event.entry();
        if (leg.stopped) {
            return Uni.createFrom().voidItem();
        }
        Instant now = parts.clock().instant();
        if (now.isAfter(leg.until)) {
            leg.stopped = true;
            unfinished.brokenOff(entry.runId(), leg.reached, entry.at(), now);
            return Uni.createFrom().voidItem();
        }
        return Uni.createFrom()
                .deferred(() -> sink.send(event))
                .invoke(() -> delivered(entry, leg))
                .onFailure()
                .recoverWithUni(failure -> notTaken(entry, failure, leg));
    }

    private void delivered(JournalEntry entry, Leg leg) {
        leg.reached = entry.seq();
        parts.metrics()
                .eventDelivered(
                        terms.name(), Duration.between(entry.at(), parts.clock().instant()));
    }

    private Uni<Void> notTaken(JournalEntry entry, Throwable failure, Leg leg) {
        int attempts = failed(entry.runId(), leg.reached, entry.at(), failure);
        if (failure instanceof Refused || attempts >= terms.attempts().orElse(Integer.MAX_VALUE)) {
            return giveUp(entry, failure)
                    .invoke(
                            () -> {
                                leg.reached = entry.seq();
                                unfinished.finished(entry.runId());
                            });
        }
        leg.stopped = true;
        return Uni.createFrom().voidItem();
    }

    private Uni<Void> giveUp(JournalEntry entry, Throwable failure) {
        DeadLetter letter =
                new DeadLetter(
                        entry.runId(), entry.seq(), parts.clock().instant(), reason(failure));
        return parts.outbox()
                .settle(terms.name(), List.of(), List.of(letter))
                .invoke(() -> parts.metrics().eventGivenUp(terms.name()));
    }

    private int failed(RunId run, long done, Instant since, Throwable failure) {
        outage.began(failure);
        parts.metrics().eventFailed(terms.name());
        return unfinished.failed(run, done, since, parts.clock().instant());
    }

    /// Messages of others are not kept: nobody knows what is in them.
    private static String reason(Throwable failure) {
        return switch (failure) {
            case Refused _, NotNow _, EgressRefused _ -> String.valueOf(failure.getMessage());
            default -> failure.getClass().getSimpleName();
        };
    }
}
