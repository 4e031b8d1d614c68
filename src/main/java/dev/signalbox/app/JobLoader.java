package dev.signalbox.app;

import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.JobId;
import dev.signalbox.domain.job.CronTimes;
import dev.signalbox.domain.job.JobDefinition;
import dev.signalbox.store.JobStore;
import dev.signalbox.store.JobStore.NewJob;
import dev.signalbox.store.RunLeases;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/// Hands the jobs of the definitions directory to the store, as of the store's clock.
@ApplicationScoped
class JobLoader {

    private final JobStore store;
    private final RunLeases clock;
    private final DefinitionReader reader;
    private final CronTimes crons;
    private final IdSource ids;

    JobLoader(
            JobStore store,
            RunLeases clock,
            DefinitionReader reader,
            CronTimes crons,
            IdSource ids) {
        this.store = store;
        this.clock = clock;
        this.reader = reader;
        this.crons = crons;
        this.ids = ids;
    }

    Uni<Void> load(List<JobDefinition> jobs) {
        return clock.now()
                .map(now -> jobs.stream().map(job -> applied(job, now)).toList())
                .chain(store::load);
    }

    private NewJob applied(JobDefinition job, Instant now) {
        return NewJob.of(new JobId(ids.next()), job, reader.toDocument(job), crons, now);
    }
}
