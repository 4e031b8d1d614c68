package dev.signalbox.request;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.queue.TraceParent;
import dev.signalbox.request.FollowGate.Followed;
import dev.signalbox.store.RunStore;
import dev.signalbox.web.Caller;
import dev.signalbox.web.Paging;
import dev.signalbox.web.Paging.Items;
import dev.signalbox.web.RunListQuery;
import dev.signalbox.web.RunView;
import dev.signalbox.web.RunViews;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// Runs, for those who ask for them.
@Path("/v1/runs")
@RolesAllowed("request:submitter")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "runs", description = "Submit runs, watch them, and signal to them")
@APIResponse(responseCode = "401", ref = "401")
@APIResponse(responseCode = "403", ref = "403")
@APIResponse(responseCode = "503", ref = "503")
public class RunResource {

    private static final Pattern KEY = Pattern.compile("[\\x20-\\x7E]{1,255}");

    private final RunSubmission submission;
    private final RunSignals signals;
    private final RunEventStream events;
    private final RunWatch watch;
    private final RunViews views;
    private final RunStore runs;
    private final OwnRuns own;
    private final Caller caller;

    RunResource(
            RunSubmission submission,
            RunSignals signals,
            RunEventStream events,
            RunWatch watch,
            RunViews views,
            RunStore runs,
            OwnRuns own,
            Caller caller) {
        this.submission = submission;
        this.signals = signals;
        this.events = events;
        this.watch = watch;
        this.views = views;
        this.runs = runs;
        this.own = own;
        this.caller = caller;
    }

    @POST
    @Operation(
            summary = "Submit a run",
            description =
                    "The run is durable when the answer comes. The same `Idempotency-Key` and body"
                        + " again give the same run, for as long as it is kept. `Prefer: wait=N`"
                        + " holds the answer for up to N seconds (at most 60) until the run has"
                        + " ended or waits.")
    @APIResponse(
            responseCode = "202",
            description = "the run; `Location` says where it is",
            content = @Content(schema = @Schema(implementation = RunView.class)))
    @APIResponse(responseCode = "400", ref = "400")
    @APIResponse(responseCode = "409", ref = "409")
    @APIResponse(responseCode = "410", ref = "410")
    @APIResponse(responseCode = "413", ref = "413")
    public Uni<RestResponse<RunView>> submit(
            @RequestBody(
                            content =
                                    @Content(
                                            schema = @Schema(implementation = RunRequest.class),
                                            examples =
                                                    @ExampleObject(
                                                            name = "refund",
                                                            value =
                                                                    "{\"definition\":"
                                                                        + " \"refund-agent\","
                                                                        + " \"input\":"
                                                                        + " {\"orderId\":"
                                                                        + " \"A-1001\"},"
                                                                        + " \"labels\": {\"shop\":"
                                                                        + " \"lisbon\"}}")))
                    @NotNull(message = "is required")
                    RunRequest body,
            @Parameter(description = "1 to 255 printable ASCII characters")
                    @HeaderParam("Idempotency-Key")
                    @Nullable String key,
            @HeaderParam("Prefer") List<String> prefer) {
        Actor actor = caller.actor();
        Requester requester =
                new Requester(actor.tenant(), actor.name(), key(key), TraceParent.current());
        Optional<Duration> patience = Prefer.waiting(prefer);
        return submission
                .submit(body, requester)
                .chain(run -> patience.map(wait -> watch.settled(run, wait)).orElse(same(run)))
                .chain(views::one)
                .map(run -> accepted(run, patience));
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "A run as it is now")
    @APIResponse(
            responseCode = "200",
            description = "the run",
            content = @Content(schema = @Schema(implementation = RunView.class)))
    @APIResponse(responseCode = "404", ref = "404")
    @APIResponse(responseCode = "410", ref = "410")
    public Uni<RunView> run(@PathParam("id") String id) {
        return own.find(id, caller.actor().tenant()).chain(views::one);
    }

    @GET
    @Operation(summary = "Runs, newest first")
    @APIResponse(responseCode = "200", description = "a page of runs")
    @APIResponse(responseCode = "400", ref = "400")
    public Uni<Items<RunView>> list(
            @Parameter(description = "any of these; repeat it, or separate with commas")
                    @QueryParam("status")
                    List<String> status,
            @QueryParam("definition") @Nullable String definition,
            @Parameter(description = "`key:value`; all of these") @QueryParam("label")
                    List<String> label,
            @Parameter(description = "1 to 200, 50 if there is none") @QueryParam("limit")
                    @Nullable String limit,
            @Parameter(description = "`nextCursor` of the page before") @QueryParam("cursor")
                    @Nullable String cursor) {
        return runs.list(
                        RunListQuery.filter(caller.actor().tenant(), status, definition, label),
                        Paging.request(limit, cursor))
                .chain(views::page);
    }

    @GET
    @Path("/{id}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            summary = "The run's journal as it grows",
            description =
                    "Server-sent events: `id` is the sequence in the journal, `event` the type,"
                            + " `data` the event. Ends after the terminal event; `Last-Event-ID`"
                            + " resumes. With `deltas=true` there are `model_delta` events in"
                            + " between, which have no id: what a model says while it says it, as"
                            + " `{runId, effectId, attempt, offset, text}`. None of it is kept; the"
                            + " whole text comes with `model_completed`.")
    @APIResponse(responseCode = "200", description = "the events")
    @APIResponse(responseCode = "400", ref = "400")
    @APIResponse(responseCode = "404", ref = "404")
    @APIResponse(responseCode = "410", ref = "410")
    @Parameter(name = "id", in = ParameterIn.PATH, required = true)
    @Parameter(
            name = "Last-Event-ID",
            in = ParameterIn.HEADER,
            description = "the `id` of the last event that was seen")
    @Parameter(
            name = "lastEventId",
            in = ParameterIn.QUERY,
            description = "the same, for clients that cannot send the header")
    @Parameter(
            name = "deltas",
            in = ParameterIn.QUERY,
            description = "`true` to hear what models say before it is in the journal")
    @Follows
    public Multi<OutboundSseEvent> events(@Context ContainerRequestContext request, Sse sse) {
        Followed followed = Followed.of(request);
        return followed.deltas()
                ? events.withDeltas(followed.run(), followed.afterSeq(), sse)
                : events.of(followed.run(), followed.afterSeq(), sse);
    }

    @POST
    @Path("/{id}/signals")
    @ResponseStatus(202)
    @Operation(summary = "Cancel, pause, resume or steer a run")
    @APIResponse(
            responseCode = "202",
            description = "the signal is durable; the run, as it is now",
            content = @Content(schema = @Schema(implementation = RunView.class)))
    @APIResponse(responseCode = "400", ref = "400")
    @APIResponse(responseCode = "404", ref = "404")
    @APIResponse(responseCode = "410", ref = "410")
    @APIResponse(responseCode = "409", ref = "409")
    public Uni<RunView> signal(
            @PathParam("id") String id,
            @NotNull(message = "is required") @Valid SignalRequest body) {
        Actor actor = caller.actor();
        return own.find(id, actor.tenant())
                .call(run -> signals.send(run, actor, body))
                .chain(views::one);
    }

    private static Uni<RunSummary> same(RunSummary run) {
        return Uni.createFrom().item(run);
    }

    private static Optional<String> key(@Nullable String key) {
        if (key == null) {
            return Optional.empty();
        }
        if (!KEY.matcher(key).matches()) {
            throw Problem.at(
                            ProblemCode.INVALID_REQUEST,
                            "Idempotency-Key",
                            "the key cannot be used",
                            "1 to 255 printable ASCII characters")
                    .asException();
        }
        return Optional.of("http:" + key);
    }

    private static RestResponse<RunView> accepted(RunView run, Optional<Duration> patience) {
        RestResponse.ResponseBuilder<RunView> response =
                RestResponse.ResponseBuilder.<RunView>create(RestResponse.Status.ACCEPTED)
                        .entity(run)
                        .header(HttpHeaders.LOCATION, run.links().self());
        patience.ifPresent(
                wait -> response.header("Preference-Applied", "wait=" + wait.toSeconds()));
        return response.build();
    }
}
