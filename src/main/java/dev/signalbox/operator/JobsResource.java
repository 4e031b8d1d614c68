package dev.signalbox.operator;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.operator.JobCommands.Ask;
import dev.signalbox.operator.view.JobView;
import dev.signalbox.operator.view.JobView.Detail;
import dev.signalbox.operator.view.JobView.FiringView;
import dev.signalbox.web.Caller;
import dev.signalbox.web.Paging;
import dev.signalbox.web.Paging.Items;
import dev.signalbox.web.RunListQuery;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// Jobs, for operators.
@Path("/operator/v1/jobs")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "operator: jobs", description = "What runs by itself, and the history of its firings")
public class JobsResource {

    private static final int ACCEPTED = 202;

    private final Jobs jobs;
    private final JobCommands commands;
    private final Caller caller;

    JobsResource(Jobs jobs, JobCommands commands, Caller caller) {
        this.jobs = jobs;
        this.commands = commands;
        this.caller = caller;
    }

    @GET
    public Uni<Items<JobView>> list(
            @RestQuery @Nullable String limit, @RestQuery @Nullable String cursor) {
        return jobs.list(caller.actor(), Paging.request(limit, cursor));
    }

    @GET
    @Path("/{name}")
    public Uni<Detail> get(@RestPath String name) {
        return jobs.detail(caller.actor(), name);
    }

    @GET
    @Path("/{name}/firings")
    public Uni<Items<FiringView>> firings(
            @RestPath String name,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        return jobs.firings(caller.actor(), name, Paging.request(limit, cursor));
    }

    /// The job's document, with a `reason` beside its fields.
    @PUT
    @Path("/{name}")
    public Uni<Detail> put(
            @RestPath String name,
            @RequestBody(content = @Content(schema = @Schema(implementation = Object.class)))
                    @Nullable JsonObject body) {
        Map<String, Json> document =
                new LinkedHashMap<>(body == null ? Map.of() : body.members());
        Optional<String> reason =
                document.remove("reason") instanceof JsonText(String text)
                        ? Optional.of(text)
                        : Optional.empty();
        return commands.put(caller.actor(), name, new JsonObject(document), reason)
                .chain(() -> jobs.detail(caller.actor(), name));
    }

    /// Why somebody commands something, and for which times.
    ///
    /// @param from of a backfill: the first moment of the range
    /// @param until of a backfill: the first moment after it
    @Schema(name = "JobCommand")
    public record Command(
            Optional<String> reason, Optional<String> from, Optional<String> until) {}

    /// What came of a command.
    ///
    /// @param firings how many firings wait because of it
    @Schema(name = "JobCommandAccepted")
    public record Accepted(String job, String action, int firings) {}

    @POST
    @Path("/{name}/{action: pause|resume|trigger|backfill}")
    @ResponseStatus(ACCEPTED)
    @APIResponse(
            responseCode = "202",
            description = "Recorded; what it asks for waits for a scheduler",
            content = @Content(schema = @Schema(implementation = Accepted.class)))
    public Uni<Accepted> command(
            @RestPath String name, @RestPath String action, @Nullable Command body) {
        Command given =
                body == null
                        ? new Command(Optional.empty(), Optional.empty(), Optional.empty())
                        : body;
        return commands.command(
                        caller.actor(),
                        name,
                        ask(action, given.from(), given.until()),
                        given.reason())
                .map(firings -> new Accepted(name, action, firings));
    }

    /// What `action` asks for.
    public static Ask ask(String action, Optional<String> from, Optional<String> until) {
        return switch (action) {
            case "pause" -> new Ask.Pause();
            case "resume" -> new Ask.Resume();
            case "trigger" -> new Ask.Trigger();
            case "backfill" -> new Ask.Backfill(time("from", from), time("until", until));
            default ->
                    throw Problem.at(
                                    ProblemCode.INVALID_REQUEST,
                                    "action",
                                    "There is no such action.",
                                    "pause, resume, trigger or backfill")
                            .asException();
        };
    }

    private static Instant time(String field, Optional<String> text) {
        return text.flatMap(given -> RunListQuery.time(field, given))
                .orElseThrow(
                        () ->
                                Problem.at(
                                                ProblemCode.INVALID_REQUEST,
                                                field,
                                                "'" + field + "' is missing",
                                                "a time such as 2026-11-01T00:00:00Z")
                                        .asException());
    }
}
