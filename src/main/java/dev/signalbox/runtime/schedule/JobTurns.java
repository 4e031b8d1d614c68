package dev.signalbox.runtime.schedule;

import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.job.CronTimes;
import dev.signalbox.domain.job.Firing;
import dev.signalbox.domain.job.JobDefinition;
import dev.signalbox.domain.job.JobPlanner;
import dev.signalbox.domain.job.JobPlanner.Plan;
import dev.signalbox.domain.job.JobPlanner.Situation;
import dev.signalbox.domain.job.Timetable;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.queue.Relay;
import dev.signalbox.runtime.schedule.JobTargets.Found;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import dev.signalbox.store.Job;
import dev.signalbox.store.JobStore;
import dev.signalbox.store.JobStore.DueJob;
import dev.signalbox.store.JobStore.JobTurn;
import dev.signalbox.store.NewRun;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/// Lets one job do what it has to do now.
///
/// Guarantee: a turn is one commit on the job as it was read. Consequence: of several schedulers
/// that take the same turn, one goes through, and the runs of the others never were.
@ApplicationScoped
class JobTurns {

    private static final Logger LOG = Logger.getLogger(JobTurns.class);

    private static final int PRIORITY = 5;

    /// When a job is looked at again whose document this version cannot read.
    private static final Duration UNREADABLE = Duration.ofMinutes(1);

    private final JobStore jobs;
    private final JobTargets targets;
    private final DefinitionReader reader;
    private final CronTimes crons;
    private final Relay relay;
    private final IdSource ids;

    JobTurns(
            JobStore jobs,
            JobTargets targets,
            DefinitionReader reader,
            CronTimes crons,
            Relay relay,
            IdSource ids) {
        this.jobs = jobs;
        this.targets = targets;
        this.reader = reader;
        this.crons = crons;
        this.relay = relay;
        this.ids = ids;
    }

    /// Whether it went through; if not, somebody else was first.
    ///
    /// @param now by the store's clock
    Uni<Boolean> take(DueJob due, Instant now) {
        return Uni.createFrom()
                .deferred(() -> planned(due, now))
                .onFailure(ProblemException.class)
                .recoverWithItem(unreadable -> later(due.job(), now, unreadable))
                .chain(this::commit);
    }

    private Uni<JobTurn> planned(DueJob due, Instant now) {
        JobDefinition job = reader.readJob(due.job().document());
        return targets.find(job.run()).map(target -> turn(due, job, target, now));
    }

    private Uni<Boolean> commit(JobTurn turn) {
        return jobs.commit(turn)
                .invoke(
                        done -> {
                            if (done) {
                                turn.runs().forEach(run -> relay.wake(id(run)));
                            }
                        });
    }

    private static RunId id(NewRun run) {
        return run.summary().identity().id();
    }

    private JobTurn turn(DueJob due, JobDefinition definition, Found target, Instant now) {
        Job job = due.job();
        Plan plan =
                JobPlanner.plan(
                        new Timetable(definition, job.anchor(), crons),
                        new Situation(
                                job.id(),
                                job.paused(),
                                job.fired(),
                                job.next(),
                                due.waiting(),
                                job.queued(),
                                job.open(),
                                target instanceof Found.Trouble(String why)
                                        ? Optional.of(why)
                                        : Optional.empty(),
                                now));
        return new JobTurn(
                job.id(),
                job.name(),
                job.version(),
                plan.firings(),
                runs(plan, definition, target, now),
                plan.fired(),
                plan.next(),
                plan.look());
    }

    private List<NewRun> runs(Plan plan, JobDefinition job, Found target, Instant now) {
        return target instanceof Found.Ready(StoredDefinition definition)
                ? plan.firings().stream()
                        .filter(firing -> firing.status() == Firing.Status.STARTED)
                        .map(firing -> run(firing, job, definition, now))
                        .toList()
                : List.of();
    }

    private NewRun run(
            Firing firing, JobDefinition job, StoredDefinition definition, Instant now) {
        RunId id = firing.id().run();
        Map<String, String> labels = new TreeMap<>(job.run().labels());
        labels.put("job", job.name());
        labels.put("scheduledAt", firing.scheduledAt().toString());
        return NewRun.of(
                new RunIdentity(
                        id,
                        definition.ref(),
                        job.tenant(),
                        "job:" + job.name(),
                        labels,
                        PRIORITY,
                        job.run().input().digest(),
                        Optional.empty(),
                        Lineage.rootOf(id),
                        ids.next().toString().replace("-", ""),
                        Optional.empty(),
                        now),
                job.run().input(),
                Optional.empty());
    }

    private static JobTurn later(Job job, Instant now, Throwable unreadable) {
        LOG.errorf("job %s cannot be read: %s", job.name(), unreadable.getMessage());
        return new JobTurn(
                job.id(),
                job.name(),
                job.version(),
                List.of(),
                List.of(),
                0,
                job.next(),
                Optional.of(now.plus(UNREADABLE)));
    }
}
