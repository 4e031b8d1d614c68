package dev.signalbox.operator;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.operator.LegalHoldCommands.HoldView;
import dev.signalbox.operator.view.RunDetail;
import dev.signalbox.operator.view.RunTree;
import dev.signalbox.operator.view.StateView;
import dev.signalbox.web.Caller;
import dev.signalbox.web.EventView;
import dev.signalbox.web.Paging;
import dev.signalbox.web.Paging.Items;
import dev.signalbox.web.RunListQuery;
import dev.signalbox.web.RunView;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// Runs, for operators.
@Path("/operator/v1/runs")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "operator: runs", description = "Inspect runs and command them")
public class RunsResource {

    private static final int ACCEPTED = 202;

    private final RunReader reader;
    private final RunCommands commands;
    private final LegalHoldCommands holds;
    private final Retries retries;
    private final Caller caller;

    RunsResource(
            RunReader reader,
            RunCommands commands,
            LegalHoldCommands holds,
            Retries retries,
            Caller caller) {
        this.reader = reader;
        this.commands = commands;
        this.holds = holds;
        this.retries = retries;
        this.caller = caller;
    }

    @GET
    public Uni<Items<RunView>> list(
            @RestQuery List<String> status,
            @RestQuery @Nullable String definition,
            @RestQuery List<String> label,
            @RestQuery @Nullable String text,
            @RestQuery @Nullable String attention,
            @RestQuery @Nullable String since,
            @RestQuery @Nullable String until,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        return reader.list(
                caller.actor(),
                RunListQuery.filter(
                        RunListQuery.filter(caller.tenant(), status, definition, label),
                        text,
                        attention,
                        since,
                        until),
                Paging.request(limit, cursor));
    }

    @GET
    @Path("/{id}")
    public Uni<RunDetail> get(@RestPath String id) {
        return reader.detail(caller.actor(), id);
    }

    /// JSON, or a drawing for whoever would rather have text.
    @GET
    @Path("/{id}/tree")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
    public Uni<Response> tree(@RestPath String id, HttpHeaders headers) {
        boolean drawn =
                headers.getAcceptableMediaTypes().stream()
                        .findFirst()
                        .filter(wanted -> wanted.getType().equals("text"))
                        .isPresent();
        return reader.tree(caller.actor(), id).map(tree -> drawn ? drawing(tree) : json(tree));
    }

    private static Response json(RunTree tree) {
        return Response.ok(tree, MediaType.APPLICATION_JSON_TYPE).build();
    }

    private static Response drawing(RunTree tree) {
        return Response.ok(tree.drawing(), MediaType.TEXT_PLAIN_TYPE.withCharset("UTF-8")).build();
    }

    @GET
    @Path("/{id}/journal")
    public Uni<Items<EventView>> journal(
            @RestPath String id,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        return reader.journal(
                caller.actor(),
                id,
                Paging.request(limit, null).limit(),
                cursor == null ? 0 : number("cursor", cursor));
    }

    @GET
    @Path("/{id}/state")
    public Uni<StateView> state(@RestPath String id, @RestQuery @Nullable String seq) {
        return reader.state(
                caller.actor(), id, Optional.ofNullable(seq).map(text -> number("seq", text)));
    }

    private static long number(String field, String text) {
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException _) {
            // told below
        }
        throw Problem.at(
                        ProblemCode.INVALID_REQUEST,
                        field,
                        "'" + field + "' is not a position in a journal",
                        "a whole number")
                .asException();
    }

    /// Why somebody commands something.
    public record Reasoned(Optional<String> reason) {}

    /// What somebody found out about an effect.
    ///
    /// @param outcome `happened` or `did_not_happen`
    public record Reconciliation(
            Optional<String> effectId,
            Optional<String> outcome,
            Optional<Json> result,
            Optional<String> reason) {}

    /// A command that waits in its run's inbox.
    public record Accepted(String commandId, String runId, String action) {}

    @POST
    @Path("/{id}/{action: hold|release|cancel}")
    @ResponseStatus(ACCEPTED)
    public Uni<Accepted> command(
            @RestPath String id, @RestPath String action, @Nullable Reasoned body) {
        Ask ask =
                switch (action) {
                    case "hold" -> new Ask.HoldRun();
                    case "release" -> new Ask.Release();
                    default -> new Ask.Cancel();
                };
        return accepted(id, ask, action, reason(body));
    }

    /// Keeps the run's whole tree, whatever is said about how long it is kept.
    @POST
    @Path("/{id}/legal-hold")
    public Uni<HoldView> legalHold(@RestPath String id, @Nullable Reasoned body) {
        return holds.place(caller.actor(), id, reason(body));
    }

    /// Lets the tree be pruned again when its time comes; answers the hold that is no more.
    @POST
    @Path("/{id}/legal-release")
    public Uni<HoldView> legalRelease(@RestPath String id, @Nullable Reasoned body) {
        return holds.lift(caller.actor(), id, reason(body));
    }

    private static Optional<String> reason(@Nullable Reasoned body) {
        return body == null ? Optional.empty() : body.reason();
    }

    /// A run that is tried again.
    ///
    /// @param newRunId the run that does so
    public record Retried(String runId, String action, String newRunId) {}

    /// Asks for the same again, as a new run.
    @POST
    @Path("/{id}/retry")
    @ResponseStatus(ACCEPTED)
    public Uni<Retried> retry(@RestPath String id, @Nullable Reasoned body) {
        return retries.retry(caller.actor(), id, reason(body))
                .map(run -> new Retried(id, "retry", run.identity().id().toString()));
    }

    @POST
    @Path("/{id}/reconcile")
    @ResponseStatus(ACCEPTED)
    public Uni<Accepted> reconcile(@RestPath String id, @Nullable Reconciliation body) {
        if (body == null) {
            throw Reconciling.missing("effectId");
        }
        return accepted(
                id,
                Reconciling.ask(body.effectId(), body.outcome(), body.result()),
                "reconcile",
                body.reason());
    }

    /// What a run that is held for its budget may use from now on, all in all. What is not named
    /// stays as it is; what the run is held for has to be named.
    ///
    /// @param tokens input and output together
    /// @param costUsd in US dollars
    /// @param wallClock time at work, an ISO 8601 duration
    @Schema(name = "BudgetRaise")
    public record Raise(
            Optional<String> reason,
            Optional<Long> modelCalls,
            Optional<Long> toolCalls,
            Optional<Long> tokens,
            Optional<BigDecimal> costUsd,
            @Schema(implementation = String.class, examples = "PT30M")
                    Optional<String> wallClock) {
        BudgetTotals totals() {
            return new BudgetTotals(modelCalls, toolCalls, tokens, costUsd, wallClock);
        }
    }

    @POST
    @Path("/{id}/budget")
    @ResponseStatus(ACCEPTED)
    public Uni<Accepted> budget(@RestPath String id, @Nullable Raise body) {
        return commands.raise(
                        caller.actor(),
                        id,
                        body == null ? BudgetTotals.NONE : body.totals(),
                        body == null ? Optional.empty() : body.reason())
                .map(command -> new Accepted(command.id().toString(), id, "budget"));
    }

    private Uni<Accepted> accepted(String id, Ask ask, String action, Optional<String> reason) {
        return commands.command(caller.actor(), id, ask, reason)
                .map(command -> accepted(command, action));
    }

    private static Accepted accepted(RunCommand command, String action) {
        return new Accepted(command.id().toString(), command.runId().toString(), action);
    }
}
