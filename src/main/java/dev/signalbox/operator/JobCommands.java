package dev.signalbox.operator;

import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.FiringId;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.JobId;
import dev.signalbox.domain.job.CronTimes;
import dev.signalbox.domain.job.Firing;
import dev.signalbox.domain.job.Firing.Cause;
import dev.signalbox.domain.job.JobDefinition;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.verify.SchemaCheck;
import dev.signalbox.operator.AuditTrail.Attempt;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import dev.signalbox.store.Job;
import dev.signalbox.store.JobStore;
import dev.signalbox.store.JobStore.JobCommand;
import dev.signalbox.store.JobStore.NewJob;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Commands of operators to jobs.
///
/// Guarantee: an accepted command and its audit record are one commit. The operator plane makes no
/// runs: what it asks for waits in the job's history until a scheduler makes the run.
@ApplicationScoped
public class JobCommands {

    /// Most times of one backfill.
    static final int MOST_TIMES = 1000;

    private final Jobs reader;
    private final JobStore jobs;
    private final DefinitionStore definitions;
    private final DefinitionReader documents;
    private final SchemaCheck schemas;
    private final CronTimes crons;
    private final AuditTrail trail;
    private final IdSource ids;

    JobCommands(
            Jobs reader,
            JobStore jobs,
            DefinitionStore definitions,
            DefinitionReader documents,
            SchemaCheck schemas,
            CronTimes crons,
            AuditTrail trail,
            IdSource ids) {
        this.reader = reader;
        this.jobs = jobs;
        this.definitions = definitions;
        this.documents = documents;
        this.schemas = schemas;
        this.crons = crons;
        this.trail = trail;
        this.ids = ids;
    }

    /// What somebody asks of a job.
    public sealed interface Ask {

        record Pause() implements Ask {}

        record Resume() implements Ask {}

        record Trigger() implements Ask {}

        /// @param from the first moment of the range
        /// @param until the first moment after it
        record Backfill(Instant from, Instant until) implements Ask {}
    }

    /// Does it; answers how many firings came of it.
    ///
    /// Fails with the refusal, which has been recorded by then.
    public Uni<Integer> command(Actor actor, String name, Ask ask, Optional<String> reason) {
        return trail.attempt(
                attempt(actor, "job." + word(ask), name, reason, detail(ask)),
                attempt ->
                        reader.find(actor, name)
                                .chain(job -> command(attempt, job, ask, reason)));
    }

    private Uni<Integer> command(Attempt attempt, Job job, Ask ask, Optional<String> reason) {
        Access.toCommand(attempt.actor());
        Reasons.checked(reason);
        return jobs.command(job.id(), command(job, ask), trail.accepted(attempt));
    }

    private JobCommand command(Job job, Ask ask) {
        Instant now = reader.now();
        return switch (ask) {
            case Ask.Pause() -> new JobCommand.Pause();
            case Ask.Resume() -> new JobCommand.Resume(next(job, now));
            case Ask.Trigger() ->
                    new JobCommand.Fire(List.of(firing(job.id(), now, Cause.TRIGGER, now)));
            case Ask.Backfill(Instant from, Instant until) ->
                    new JobCommand.Fire(
                            times(job, from, until, now).stream()
                                    .map(time -> firing(job.id(), time, Cause.BACKFILL, now))
                                    .toList());
        };
    }

    private Optional<Instant> next(Job job, Instant now) {
        return documents
                        .readJob(job.document())
                        .maxRuns()
                        .map(most -> job.fired() >= most)
                        .orElse(false)
                ? Optional.empty()
                : reader.timetable(job).next(now);
    }

    private List<Instant> times(Job job, Instant from, Instant until, Instant now) {
        if (!from.isBefore(until)) {
            throw wrong("until", "the range is empty", "a time after 'from'");
        }
        if (until.isAfter(now)) {
            throw wrong("until", "the range has not passed yet", "a time that has passed");
        }
        List<Instant> times = reader.timetable(job).between(from, until, MOST_TIMES + 1);
        if (times.isEmpty()) {
            throw wrong("from", "the job has no time in that range", "a range in which it fires");
        }
        if (times.size() > MOST_TIMES) {
            throw wrong(
                    "until",
                    "the range has more than " + MOST_TIMES + " times",
                    "a smaller range: the job fires " + MOST_TIMES + " times until "
                            + times.getLast());
        }
        return times;
    }

    private static ProblemException wrong(String field, String what, String expected) {
        return Problem.at(ProblemCode.INVALID_REQUEST, field, what, expected).asException();
    }

    private static Firing firing(JobId job, Instant time, Cause cause, Instant now) {
        return new Firing(
                FiringId.of(job, time, now),
                time,
                cause,
                Firing.Status.WAITING,
                now,
                Optional.of("waits for a scheduler"),
                0);
    }

    /// Applies a job.
    ///
    /// @param document without name and tenant, which are the path's and the actor's
    public Uni<Void> put(Actor actor, String name, JsonObject document, Optional<String> reason) {
        return trail.attempt(
                attempt(actor, "job.apply", name, reason, JsonObject.EMPTY),
                attempt -> {
                    Access.toCommand(actor);
                    Reasons.checked(reason);
                    JobDefinition job = documents.readJob(named(document, name, actor.tenant()));
                    return checked(job)
                            .chain(
                                    () ->
                                            jobs.put(
                                                    NewJob.of(
                                                            new JobId(ids.next()),
                                                            job,
                                                            documents.toDocument(job),
                                                            crons,
                                                            reader.now()),
                                                    trail.accepted(
                                                            detailed(
                                                                    attempt,
                                                                    documents.toDocument(job)))));
                });
    }

    /// The document with its kind, its name and its tenant.
    private static JsonObject named(JsonObject document, String name, String tenant) {
        Map<String, Json> members = new LinkedHashMap<>();
        same(document, members, "kind", "job");
        same(document, members, "name", name);
        same(document, members, "tenant", tenant);
        document.members().forEach(members::putIfAbsent);
        return new JsonObject(members);
    }

    private static void same(
            JsonObject document, Map<String, Json> members, String field, String value) {
        Json given = document.get(field);
        if (given != null && !given.equals(Json.text(value))) {
            throw wrong(field, "'" + field + "' does not fit", "'" + value + "', or nothing");
        }
        members.put(field, Json.text(value));
    }

    private Uni<Void> checked(JobDefinition job) {
        JobDefinition.Target target = job.run();
        return definitions
                .resolve(target.definition(), target.version())
                .map(found -> found.filter(one -> one.ref().kind() == target.kind()))
                .map(
                        found ->
                                found.orElseThrow(
                                        () ->
                                                Problem.at(
                                                                ProblemCode.UNKNOWN_DEFINITION,
                                                                "run",
                                                                "there is no such definition: "
                                                                        + target.definition(),
                                                                "an agent or a workflow that has"
                                                                        + " been applied")
                                                        .asException()))
                .invoke(found -> checkInput(found, target.input()))
                .replaceWithVoid();
    }

    private void checkInput(StoredDefinition definition, JsonObject input) {
        List<String> findings =
                definition
                        .inputSchema()
                        .map(schema -> schemas.findings(schema, input))
                        .orElse(List.of());
        if (!findings.isEmpty()) {
            throw Problem.at(
                            ProblemCode.INVALID_INPUT,
                            "run.input",
                            "the input does not match the schema of " + definition.ref().name(),
                            findings.getFirst())
                    .asException();
        }
    }

    private static Attempt attempt(
            Actor actor, String action, String name, Optional<String> reason, JsonObject detail) {
        return new Attempt(
                actor,
                action,
                Optional.empty(),
                Optional.of("job " + Reasons.shortened(name)),
                reason.map(Reasons::shortened).orElse(""),
                detail);
    }

    /// The record of what was applied, without its input.
    private static Attempt detailed(Attempt attempt, JsonObject document) {
        Map<String, Json> members = new LinkedHashMap<>(document.members());
        members.remove("run");
        return new Attempt(
                attempt.actor(),
                attempt.action(),
                attempt.runId(),
                attempt.target(),
                attempt.reason(),
                new JsonObject(members));
    }

    private static JsonObject detail(Ask ask) {
        return ask instanceof Ask.Backfill(Instant from, Instant until)
                ? new JsonObject(
                        Map.of(
                                "from", Json.text(from.toString()),
                                "until", Json.text(until.toString())))
                : JsonObject.EMPTY;
    }

    private static String word(Ask ask) {
        return switch (ask) {
            case Ask.Pause() -> "pause";
            case Ask.Resume() -> "resume";
            case Ask.Trigger() -> "trigger";
            case Ask.Backfill _ -> "backfill";
        };
    }
}
