package dev.signalbox.domain.job;

import dev.signalbox.domain.id.FiringId;
import dev.signalbox.domain.id.JobId;
import dev.signalbox.domain.job.Firing.Cause;
import dev.signalbox.domain.job.Firing.Status;
import dev.signalbox.domain.job.JobDefinition.Misfire;
import dev.signalbox.domain.job.JobDefinition.Overlap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// What a job does now. Pure: it only says what is to be committed.
///
/// Order: firings that wait, oldest first; then times that were missed, by the job's misfire policy;
/// then times that have come, by its overlap policy.
public final class JobPlanner {

    /// A firing that comes later than this has been missed.
    public static final Duration GRACE = Duration.ofMinutes(1);

    /// Most times that are made up for, and that are counted, after one absence.
    public static final int MOST_MISSED = 100;

    /// Most firings of the schedule that wait for open runs.
    public static final int MOST_WAITING = 100;

    /// Most firings of one commit.
    public static final int MOST_AT_ONCE = 50;

    /// How often it is looked whether the run that firings wait for has ended.
    public static final Duration LOOK = Duration.ofSeconds(5);

    /// How a job stands.
    ///
    /// @param fired how many runs its schedule has made, waiting ones included
    /// @param next the first time of its schedule that has not been seen to
    /// @param waiting firings that wait and may go on (only those that a person asked for while the
    ///     job is paused), oldest first, [#MOST_AT_ONCE] of them at most
    /// @param queued how many firings wait in all
    /// @param open how many of its runs have not ended
    /// @param trouble why no run can be made of it now
    /// @param now by the store's clock
    public record Situation(
            JobId id,
            boolean paused,
            long fired,
            Optional<Instant> next,
            List<Firing> waiting,
            int queued,
            int open,
            Optional<String> trouble,
            Instant now) {
        public Situation {
            waiting = List.copyOf(waiting);
        }
    }

    /// What is to be committed.
    ///
    /// @param firings new, or waiting ones that become something else
    /// @param fired how many runs of the schedule they are
    /// @param missed how many times were missed
    /// @param next the first time of the schedule that is not seen to then
    /// @param look when the job is to be looked at again
    public record Plan(
            List<Firing> firings,
            int fired,
            int missed,
            Optional<Instant> next,
            Optional<Instant> look) {
        public Plan {
            firings = List.copyOf(firings);
        }
    }

    private final Timetable timetable;
    private final JobDefinition job;
    private final Situation here;
    private final List<Firing> firings = new ArrayList<>();
    private int queued;
    private int fired;
    private int missed;
    private boolean busy;
    private Optional<Instant> unseen;

    private JobPlanner(Timetable timetable, Situation here) {
        this.timetable = timetable;
        this.job = timetable.job();
        this.here = here;
        this.queued = here.queued();
        this.busy = here.open() > 0;
        this.unseen = here.next();
    }

    public static Plan plan(Timetable timetable, Situation here) {
        return new JobPlanner(timetable, here).plan();
    }

    private Plan plan() {
        here.waiting().forEach(this::goOn);
        if (!here.paused()) {
            missedTimes();
            dueTimes();
        }
        Optional<Instant> next = here.paused() || used() ? Optional.empty() : unseen;
        return new Plan(firings, fired, missed, next, look(next));
    }

    private void goOn(Firing firing) {
        if (!busy || job.overlap() == Overlap.ALLOW) {
            firings.add(started(firing));
            queued--;
        }
    }

    private void missedTimes() {
        Instant latest = here.now().minus(GRACE);
        if (unseen.isEmpty() || !unseen.get().isBefore(latest)) {
            return;
        }
        List<Instant> times = new ArrayList<>();
        Optional<Instant> time = timetable.previous(latest);
        while (time.isPresent()
                && !time.get().isBefore(unseen.get())
                && times.size() < MOST_MISSED) {
            times.add(time.get());
            time = timetable.previous(time.get());
        }
        Collections.reverse(times);
        missed = times.size();
        unseen = timetable.next(latest.minusNanos(1));
        if (!times.isEmpty()) {
            makeUp(times);
        }
    }

    private void makeUp(List<Instant> times) {
        Firing last = firing(times.getLast(), Cause.MISFIRE, times.size() - 1);
        switch (job.misfire()) {
            case Misfire.FIRE_ONCE -> decide(last);
            case Misfire.SKIP -> firings.add(skipped(last, "missed: nobody was there to fire"));
            case Misfire.BACKFILL ->
                    times.forEach(time -> inTurn(firing(time, Cause.MISFIRE, 0), MOST_MISSED));
        }
    }

    private void dueTimes() {
        int seen = 0;
        while (!used()
                && unseen.isPresent()
                && !unseen.get().isAfter(here.now())
                && seen < MOST_AT_ONCE) {
            decide(firing(unseen.get(), Cause.SCHEDULE, 0));
            unseen = timetable.next(unseen.get());
            seen++;
        }
    }

    private void decide(Firing firing) {
        if (used()) {
            return;
        }
        if (busy && job.overlap() == Overlap.SKIP) {
            firings.add(skipped(firing, "a run of the job was still open"));
        } else {
            inTurn(firing, MOST_WAITING);
        }
    }

    /// Makes a run of the firing, or lets it wait for its turn.
    private void inTurn(Firing firing, int mostWaiting) {
        if (used()) {
            return;
        }
        boolean turn = job.overlap() == Overlap.ALLOW || (!busy && queued <= 0);
        if (turn && firings.size() < MOST_AT_ONCE) {
            Firing now = started(firing);
            firings.add(now);
            fired += now.status() == Status.STARTED ? 1 : 0;
        } else if (queued >= mostWaiting) {
            firings.add(skipped(firing, mostWaiting + " firings were waiting already"));
        } else {
            firings.add(
                    firing.become(
                            Status.WAITING,
                            here.now(),
                            Optional.of("waits until no run of the job is open")));
            queued++;
            fired++;
        }
    }

    private Firing started(Firing firing) {
        Status status = here.trouble().isPresent() ? Status.FAILED : Status.STARTED;
        busy |= status == Status.STARTED;
        return firing.become(status, here.now(), here.trouble());
    }

    private Firing skipped(Firing firing, String why) {
        return firing.become(Status.SKIPPED, here.now(), Optional.of(why));
    }

    private Firing firing(Instant time, Cause cause, int missedBefore) {
        return new Firing(
                FiringId.of(here.id(), time, time),
                time,
                cause,
                Status.WAITING,
                here.now(),
                Optional.empty(),
                missedBefore);
    }

    private boolean used() {
        return job.maxRuns().map(most -> here.fired() + fired >= most).orElse(false);
    }

    private Optional<Instant> look(Optional<Instant> next) {
        if (!moreWait()) {
            return next;
        }
        boolean blocked = busy && job.overlap() != Overlap.ALLOW;
        Instant again = blocked ? here.now().plus(LOOK) : here.now();
        return next.filter(again::isAfter).or(() -> Optional.of(again));
    }

    private boolean moreWait() {
        int wentOn = here.queued() - queued;
        return here.paused()
                ? wentOn < here.waiting().size() || wentOn == MOST_AT_ONCE
                : queued > 0;
    }
}
