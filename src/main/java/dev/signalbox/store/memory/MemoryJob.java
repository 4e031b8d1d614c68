package dev.signalbox.store.memory;

import dev.signalbox.domain.id.FiringId;
import dev.signalbox.domain.id.JobId;
import dev.signalbox.domain.job.Firing;
import dev.signalbox.domain.job.Firing.Status;
import dev.signalbox.store.Job;
import dev.signalbox.store.JobStore.JobTurn;
import dev.signalbox.store.JobStore.NewJob;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// A job's row and its firings. Only touched under the lock of [MemoryState].
final class MemoryJob {

    private final JobId id;
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

    MemoryJob(NewJob job, Job.Origin origin) {
        id = job.id();
        given = job;
        this.origin = origin;
        paused = job.paused();
        anchor = job.anchor();
        next = job.next().filter(_ -> !paused);
        due = next;
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
            firings.put(
                    waiting.scheduledAt(), waiting.become(Status.SKIPPED, now, Optional.of(why)));
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
    }

    void moveOn(JobTurn turn) {
        next = turn.next();
        due = turn.look();
        fired += turn.fired();
        version++;
    }

    /// Writes firings down; answers those that were.
    Set<FiringId> write(Collection<Firing> all, Set<Status> replaceable) {
        Set<FiringId> written = new HashSet<>();
        for (Firing firing : all) {
            Firing before = firings.get(firing.scheduledAt());
            if (before == null || replaceable.contains(before.status())) {
                firings.put(firing.scheduledAt(), firing);
                written.add(firing.id());
                if (firing.status() == Status.STARTED) {
                    open.add(firing.id());
                }
            }
        }
        return written;
    }
}
