package dev.signalbox.store;

import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.JobId;
import dev.signalbox.domain.job.CronTimes;
import dev.signalbox.domain.job.Firing;
import dev.signalbox.domain.job.JobDefinition;
import dev.signalbox.domain.job.Timetable;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.store.Job.PastFiring;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Jobs, and the history of their firings.
///
/// Guarantee: a firing and the run that it makes are one commit, which goes through only on the job
/// as it was read, and only when the time has come by the store's clock. Consequence: any number of
/// schedulers makes one run of each firing, and a crash between deciding and creating leaves nothing.
public interface JobStore {

    /// Takes over the jobs of the definitions directory; those that it had and has no more are
    /// retired, and what waits of them is left out. A job whose document is the same stays untouched.
    Uni<Void> load(List<NewJob> jobs);

    /// The same for one job of an operator, in one commit with its audit record. Jobs of others
    /// stay.
    Uni<Void> put(NewJob job, AuditRecord audit);

    /// Does what somebody asks of a job, in one commit with its audit record. Answers how many
    /// firings came of it. Fails, having changed nothing, with `not_found` if there is no such job,
    /// and with `illegal_move` if it is retired, or paused or resumed already.
    Uni<Integer> command(JobId job, JobCommand command, AuditRecord audit);

    Uni<Optional<Job>> find(String tenant, String name);

    /// The tenant's jobs by name.
    Uni<Page<Job>> list(String tenant, PageRequest page);

    /// A job's firings, those for the latest times first.
    Uni<Page<PastFiring>> firings(JobId job, PageRequest page);

    /// The jobs that want to be looked at, at most `limit`, the longest-waiting first.
    Uni<Agenda> agenda(int limit);

    /// Commits what a job does; `false`, having changed nothing, if it has changed since it was
    /// read, or if the time has not come. A time that has its firing already gets no second.
    Uni<Boolean> commit(JobTurn turn);

    /// Tells that some job has changed, in whatever process. A hint: it may be lost.
    Multi<Boolean> changed();

    /// A job to be applied.
    ///
    /// @param id of the job if it is new
    /// @param timetable digest of what says when it fires: if it changes, so do anchor and next
    /// @param paused whether it is, if it is new
    record NewJob(
            JobId id,
            String tenant,
            String name,
            JsonObject document,
            Digest timetable,
            boolean paused,
            Instant anchor,
            Optional<Instant> next) {

        /// A job as it is applied at `now`.
        ///
        /// @param document that says the job
        public static NewJob of(
                JobId id,
                JobDefinition job,
                JsonObject document,
                CronTimes crons,
                Instant now) {
            Map<String, Json> times = new HashMap<>(document.members());
            times.keySet().retainAll(Set.of("schedule", "maxRuns", "start", "end"));
            return new NewJob(
                    id,
                    job.tenant(),
                    job.name(),
                    document,
                    new JsonObject(times).digest(),
                    job.paused(),
                    now,
                    new Timetable(job, now, crons).next(now));
        }
    }

    /// What somebody asks of a job.
    sealed interface JobCommand {

        /// Its schedule fires no more until it is resumed.
        record Pause() implements JobCommand {}

        /// @param next the first time at which its schedule fires again
        record Resume(Optional<Instant> next) implements JobCommand {}

        /// It fires for these times, unless it has a run for them or one that waits.
        record Fire(List<Firing> firings) implements JobCommand {
            public Fire {
                firings = List.copyOf(firings);
            }
        }
    }

    /// What schedulers have to do.
    ///
    /// @param now by the store's clock
    /// @param next when the next job that is not due yet will be
    record Agenda(Instant now, List<DueJob> due, Optional<Instant> next) {
        public Agenda {
            due = List.copyOf(due);
        }
    }

    /// A job that wants to be looked at.
    ///
    /// @param waiting its oldest firings that wait and may go on: while it is paused, those that
    ///     somebody asked for
    record DueJob(Job job, List<Firing> waiting) {
        public DueJob {
            waiting = List.copyOf(waiting);
        }
    }

    /// What a job does in one commit.
    ///
    /// @param name of the job, for those who count
    /// @param version of the job when it was read
    /// @param firings new, or waiting ones that become something else
    /// @param runs of the firings that start
    /// @param fired by how much the count of runs of its schedule grows
    /// @param next the first time of its schedule that is not seen to then
    /// @param look when it is to be looked at again
    record JobTurn(
            JobId job,
            String name,
            long version,
            List<Firing> firings,
            List<NewRun> runs,
            int fired,
            Optional<Instant> next,
            Optional<Instant> look) {
        public JobTurn {
            firings = List.copyOf(firings);
            runs = List.copyOf(runs);
        }

        /// The latest time that the schedule fires for in this turn.
        public Optional<Instant> latest() {
            return firings.stream()
                    .filter(firing -> !firing.cause().commanded())
                    .map(Firing::scheduledAt)
                    .max(Instant::compareTo);
        }
    }
}
