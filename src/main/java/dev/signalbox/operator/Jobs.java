package dev.signalbox.operator;

import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.job.CronTimes;
import dev.signalbox.domain.job.JobDefinition;
import dev.signalbox.domain.job.Timetable;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.operator.view.JobView;
import dev.signalbox.operator.view.JobView.Detail;
import dev.signalbox.operator.view.JobView.FiringView;
import dev.signalbox.store.Job;
import dev.signalbox.store.JobStore;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.StoreClock;
import dev.signalbox.web.Paging.Items;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads jobs for operators.
@ApplicationScoped
public class Jobs {

    private static final int UPCOMING = 5;

    private final JobStore jobs;
    private final DefinitionReader reader;
    private final CronTimes crons;
    private final StoreClock clock;

    Jobs(JobStore jobs, DefinitionReader reader, CronTimes crons, StoreClock clock) {
        this.jobs = jobs;
        this.reader = reader;
        this.crons = crons;
        this.clock = clock;
    }

    /// The tenant's jobs by name.
    public Uni<Items<JobView>> list(Actor actor, PageRequest page) {
        Access.toRead(actor);
        return jobs.list(actor.tenant(), page)
                .map(
                        found ->
                                Items.of(
                                        found,
                                        found.items().stream()
                                                .map(job -> view(actor, job))
                                                .toList()));
    }

    public Uni<Detail> detail(Actor actor, String name) {
        return find(actor, name).map(job -> new Detail(view(actor, job), upcoming(job)));
    }

    /// A job's firings, those for the latest times first.
    public Uni<Items<FiringView>> firings(Actor actor, String name, PageRequest page) {
        return find(actor, name)
                .chain(job -> jobs.firings(job.id(), page))
                .map(
                        found ->
                                Items.of(
                                        found,
                                        found.items().stream().map(FiringView::of).toList()));
    }

    Uni<Job> find(Actor actor, String name) {
        Access.toRead(actor);
        return jobs.find(actor.tenant(), name)
                .map(
                        found ->
                                found.orElseThrow(
                                        () ->
                                                ProblemException.of(
                                                        ProblemCode.NOT_FOUND,
                                                        "There is no such job.")));
    }

    /// When the job fires.
    ///
    /// Fails with `invalid_definition` if this version cannot read it.
    Timetable timetable(Job job) {
        JobDefinition definition = reader.readJob(job.document());
        return new Timetable(definition, job.anchor(), crons);
    }

    private List<Instant> upcoming(Job job) {
        return job.next().stream()
                .flatMap(next -> times(job, next))
                .limit(UPCOMING)
                .toList();
    }

    private Stream<Instant> times(Job job, Instant next) {
        try {
            Timetable times = timetable(job);
            return Stream.iterate(
                            Optional.of(next), Optional::isPresent, one -> one.flatMap(times::next))
                    .flatMap(Optional::stream);
        } catch (ProblemException _) {
            return Stream.empty();
        }
    }

    Instant now() {
        return clock.instant();
    }

    private static JobView view(Actor actor, Job job) {
        return JobView.of(job, definition(job.document()), actions(actor, job));
    }

    private static String definition(JsonObject document) {
        return document.get("run") instanceof JsonObject run
                ? Stream.of("agent", "workflow")
                        .map(run::get)
                        .filter(JsonText.class::isInstance)
                        .map(name -> ((JsonText) name).value())
                        .findFirst()
                        .orElse("")
                : "";
    }

    private static List<String> actions(Actor actor, Job job) {
        return !Access.mayCommand(actor) || job.retired()
                ? List.of()
                : List.of(job.paused() ? "resume" : "pause", "trigger", "backfill");
    }
}
