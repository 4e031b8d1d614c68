package dev.signalbox.store.memory;

import dev.signalbox.domain.id.FiringId;
import dev.signalbox.domain.id.JobId;
import dev.signalbox.domain.job.Firing;
import dev.signalbox.domain.job.Firing.Status;
import dev.signalbox.domain.json.Json;
import dev.signalbox.store.Job;
import dev.signalbox.store.JobStore.JobTurn;
import dev.signalbox.store.JobStore.NewJob;
import dev.signalbox.wire.RecordCodec;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A job's row and its firings. Only touched under the lock of [MemoryState].
final class MemoryJob {

    private static final String ROWS = "jobs";
    private static final String FIRINGS = "firings";
    private static final char SLASH = '/';

    private final JobId id;
    private final Changes changes;
    private final NavigableMap<Instant, Firing> firings = new TreeMap<>();

    /// Firings whose runs have not been seen to have ended.
    private final Set<FiringId> open = new HashSet<>();

    private NewJob given;
    private Job.Origin origin;
    private boolean paused;
    private boolean retired;
    private Instant anchor;
    private Optional<Instant> next;
    private Optional<Instant> due;
    private long fired;
    private long version;

    /// All of a job but its firings.
    private record Row(
            NewJob given,
            Job.Origin origin,
            boolean paused,
            boolean retired,
            Instant anchor,
            Optional<Instant> next,
            Optional<Instant> due,
            long fired,
            long version) {

        static Row of(NewJob job, Job.Origin origin) {
            Optional<Instant> next = job.next().filter(_ -> !job.paused());
            return new Row(job, origin, job.paused(), false, job.anchor(), next, next, 0, 0);
        }
    }

    private MemoryJob(Row row, Changes changes) {
        this.changes = changes;
        id = row.given().id();
        given = row.given();
        origin = row.origin();
        paused = row.paused();
        retired = row.retired();
        anchor = row.anchor();
        next = row.next();
        due = row.due();
        fired = row.fired();
        version = row.version();
    }

    static MemoryJob begin(NewJob job, Job.Origin origin, Changes changes) {
        MemoryJob begun = new MemoryJob(Row.of(job, origin), changes);
        begun.noteRow();
        return begun;
    }

    /// Puts back what a change of a job or of one of its firings says; nothing if it is about
    /// something else.
    static void restore(Map<JobId, MemoryJob> jobs, Change change, Changes changes) {
        Json content = change.row().orElseThrow();
        if (change.table().equals(ROWS)) {
            MemoryJob job = new MemoryJob(RecordCodec.decode(Row.class, content), changes);
            MemoryJob before = jobs.put(job.id, job);
            if (before != null) {
                before.firings.values().forEach(job::restore);
            }
        } else {
            JobId id = JobId.of(change.key().substring(0, change.key().indexOf(SLASH)));
            Objects.requireNonNull(jobs.get(id)).restore(RecordCodec.decode(Firing.class, content));
        }
    }

    static boolean isOne(Change change) {
        return change.table().equals(ROWS) || change.table().equals(FIRINGS);
    }

    private void restore(Firing firing) {
        firings.put(firing.scheduledAt(), firing);
        if (firing.status() == Status.STARTED) {
            open.add(firing.id());
        }
    }

    JobId id() {
        return id;
    }

    NewJob given() {
        return given;
    }

    Job.Origin origin() {
        return origin;
    }

    boolean paused() {
        return paused;
    }

    boolean retired() {
        return retired;
    }

    long version() {
        return version;
    }

    Optional<Instant> due() {
        return due;
    }

    Optional<Instant> next() {
        return next;
    }

    Instant anchor() {
        return anchor;
    }

    long fired() {
        return fired;
    }

    NavigableMap<Instant, Firing> firings() {
        return firings;
    }

    Set<FiringId> open() {
        return open;
    }

    Optional<Firing> firing(FiringId wanted) {
        return firings.values().stream().filter(one -> one.id().equals(wanted)).findFirst();
    }

    List<Firing> waiting() {
        return firings.values().stream().filter(one -> one.status() == Status.WAITING).toList();
    }

    void apply(NewJob job, Job.Origin by, Instant now) {
        if (!retired && by == origin && given.document().equals(job.document())) {
            return;
        }
        if (retired || !given.timetable().equals(job.timetable())) {
            anchor = job.anchor();
            next = job.next().filter(_ -> !paused);
        }
        given = job;
        origin = by;
        retired = false;
        touch(now);
    }

    void retire(Instant now, String why) {
        retired = true;
        next = Optional.empty();
        for (Firing waiting : waiting()) {
            put(waiting.become(Status.SKIPPED, now, Optional.of(why)));
        }
        touch(now);
        due = Optional.empty();
    }

    void pause(Instant now) {
        paused = true;
        next = Optional.empty();
        touch(now);
    }

    void resume(Optional<Instant> from, Instant now) {
        paused = false;
        next = from;
        touch(now);
    }

    /// Somebody has changed the job: whoever has read it before commits nothing any more.
    void touch(Instant now) {
        version++;
        due = Optional.of(now);
        noteRow();
    }

    void moveOn(JobTurn turn) {
        next = turn.next();
        due = turn.look();
        fired += turn.fired();
        version++;
        noteRow();
    }

    /// Writes firings down; answers those that were.
    Set<FiringId> write(Collection<Firing> all, Set<Status> replaceable) {
        Set<FiringId> written = new HashSet<>();
        for (Firing firing : all) {
            Firing before = firings.get(firing.scheduledAt());
            if (before == null || replaceable.contains(before.status())) {
                put(firing);
                written.add(firing.id());
                if (firing.status() == Status.STARTED) {
                    open.add(firing.id());
                }
            }
        }
        return written;
    }

    /// Everything about the job as the changes that make it, to be written out of the lock.
    Supplier<List<Change>> copy() {
        Row row = row();
        List<Firing> fired = List.copyOf(firings.values());
        return () ->
                Stream.concat(
                                Stream.of(change(ROWS, id.toString(), row)),
                                fired.stream().map(one -> change(FIRINGS, key(one), one)))
                        .toList();
    }

    private void put(Firing firing) {
        firings.put(firing.scheduledAt(), firing);
        changes.note(FIRINGS, key(firing), () -> Optional.of(RecordCodec.encode(firing)));
    }

    private String key(Firing firing) {
        return id.toString() + SLASH + firing.scheduledAt();
    }

    private void noteRow() {
        changes.note(ROWS, id.toString(), () -> Optional.of(RecordCodec.encode(row())));
    }

    private Row row() {
        return new Row(given, origin, paused, retired, anchor, next, due, fired, version);
    }

    private static Change change(String table, String key, Object row) {
        return new Change(table, key, Optional.of(RecordCodec.encode(row)));
    }
}
