package dev.signalbox.observe;

import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.JobId;
import dev.signalbox.domain.job.Firing;
import dev.signalbox.domain.job.Firing.Cause;
import dev.signalbox.domain.job.Firing.Status;
import dev.signalbox.store.Job;
import dev.signalbox.store.Job.PastFiring;
import dev.signalbox.store.JobStore;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Jobs whose firings are counted when they are committed.
final class ObservedJobStore implements JobStore {

    private final JobStore jobs;
    private final Meters meters;

    ObservedJobStore(JobStore jobs, Meters meters) {
        this.jobs = jobs;
        this.meters = meters;
    }

    @Override
    public Uni<Boolean> commit(JobTurn turn) {
        return jobs.commit(turn)
                .invoke(
                        done -> {
                            if (done) {
                                count(turn);
                            }
                        });
    }

    private void count(JobTurn turn) {
        for (Firing firing : turn.firings()) {
            String cause = word(firing.cause());
            meters.count(Metric.JOB_FIRINGS, 1, turn.name(), cause, word(firing.status()));
            if (firing.cause() == Cause.MISFIRE) {
                meters.count(Metric.JOB_MISFIRES, 1 + firing.missed(), turn.name());
            }
            if (firing.status() == Status.STARTED) {
                meters.time(
                        Metric.JOB_LAG,
                        Duration.between(firing.scheduledAt(), firing.decidedAt()),
                        cause);
            }
        }
        for (NewRun run : turn.runs()) {
            meters.count(Metric.RUNS_SUBMITTED, 1, run.summary().identity().definition().name());
        }
    }

    private static String word(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Uni<Void> load(List<NewJob> all) {
        return jobs.load(all);
    }

    @Override
    public Uni<Void> put(NewJob job, AuditRecord audit) {
        return jobs.put(job, audit);
    }

    @Override
    public Uni<Integer> command(JobId job, JobCommand command, AuditRecord audit) {
        return jobs.command(job, command, audit);
    }

    @Override
    public Uni<Optional<Job>> find(String tenant, String name) {
        return jobs.find(tenant, name);
    }

    @Override
    public Uni<Page<Job>> list(String tenant, PageRequest page) {
        return jobs.list(tenant, page);
    }

    @Override
    public Uni<Page<PastFiring>> firings(JobId job, PageRequest page) {
        return jobs.firings(job, page);
    }

    @Override
    public Uni<Agenda> agenda(int limit) {
        return jobs.agenda(limit);
    }

    @Override
    public Multi<Boolean> changed() {
        return jobs.changed();
    }
}
