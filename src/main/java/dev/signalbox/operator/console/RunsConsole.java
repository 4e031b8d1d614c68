package dev.signalbox.operator.console;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.operator.BudgetTotals;
import dev.signalbox.operator.LegalHoldCommands;
import dev.signalbox.operator.Reconciling;
import dev.signalbox.operator.RunCommands;
import dev.signalbox.operator.RunReader;
import dev.signalbox.operator.console.RunsPage.Wanted;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunFilter;
import dev.signalbox.web.Paging;
import dev.signalbox.web.RunListQuery;
import dev.signalbox.wire.JsonCodec;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// Pages about runs, and the forms on them.
@Path("/console/runs")
@Produces(MediaType.TEXT_HTML)
public class RunsConsole {

    private static final int ROWS = 50;
    private static final int EVENTS = 100;

    private final RunReader reader;
    private final RunCommands commands;
    private final LegalHoldCommands holds;
    private final Renderer renderer;

    RunsConsole(
            RunReader reader, RunCommands commands, LegalHoldCommands holds, Renderer renderer) {
        this.reader = reader;
        this.commands = commands;
        this.holds = holds;
        this.renderer = renderer;
    }

    @GET
    @Operation(hidden = true)
    public Uni<RestResponse<String>> list(
            @RestQuery List<String> status,
            @RestQuery @Nullable String definition,
            @RestQuery @Nullable String label,
            @RestQuery @Nullable String text,
            @RestQuery @Nullable String attention,
            @RestQuery @Nullable String cursor) {
        Wanted wanted = wanted(status, definition, label, text, attention, cursor);
        return renderer.page(actor -> list(actor, wanted));
    }

    private Uni<TemplateInstance> list(Actor actor, Wanted wanted) {
        String query = wanted.query("");
        Frame frame =
                renderer.frame(
                        "Runs",
                        "runs",
                        actor,
                        wanted.cursor().isEmpty()
                                ? "/console/runs/news?since="
                                        + renderer.now()
                                        + (query.isEmpty() ? "" : "&" + query)
                                : "");
        return reader.list(
                        actor,
                        filter(actor, wanted),
                        new PageRequest(ROWS, Paging.request(null, blank(wanted.cursor())).after()))
                .map(
                        found ->
                                Pages.runs(
                                        frame,
                                        RunsPage.of(
                                                wanted, found, renderer.now(), renderer.teach())));
    }

    /// How many runs have come since the list was loaded.
    @GET
    @Path("/news")
    @Operation(hidden = true)
    public Uni<RestResponse<String>> listNews(
            @RestQuery @Nullable String since,
            @RestQuery List<String> status,
            @RestQuery @Nullable String definition,
            @RestQuery @Nullable String label,
            @RestQuery @Nullable String text,
            @RestQuery @Nullable String attention) {
        Wanted wanted = wanted(status, definition, label, text, attention, "");
        Actor actor = renderer.actor();
        RunFilter newer =
                RunListQuery.filter(
                        RunListQuery.filter(
                                actor.tenant(),
                                wanted.status(),
                                wanted.definition(),
                                List.of(wanted.label())),
                        wanted.text(),
                        null,
                        since == null ? renderer.now().toString() : since,
                        null);
        String href = "/console/runs?" + wanted.query("");
        return renderer.news(
                reader.list(actor, newer, PageRequest.first(ROWS))
                        .map(found -> found.items().size())
                        .map(count -> News.of(count, "new run", "new runs", href)));
    }

    private static Wanted wanted(
            List<String> status,
            @Nullable String definition,
            @Nullable String label,
            @Nullable String text,
            @Nullable String attention,
            @Nullable String cursor) {
        return new Wanted(
                status,
                orEmpty(definition),
                orEmpty(label),
                orEmpty(text),
                "true".equals(attention),
                orEmpty(cursor));
    }

    private static RunFilter filter(Actor actor, Wanted wanted) {
        return RunListQuery.filter(
                RunListQuery.filter(
                        actor.tenant(),
                        wanted.status(),
                        wanted.definition(),
                        List.of(wanted.label())),
                wanted.text(),
                Boolean.toString(wanted.attention()),
                null,
                null);
    }

    @GET
    @Path("/{id}")
    @Operation(hidden = true)
    public Uni<RestResponse<String>> run(
            @RestPath String id, @RestQuery @Nullable String told, UriInfo uri) {
        String base = uri.getBaseUri().toString();
        return renderer.page(actor -> run(actor, id, base, orEmpty(told), ""));
    }

    private Uni<TemplateInstance> run(
            Actor actor, String id, String base, String told, String problem) {
        return reader.detail(actor, id)
                .map(detail -> RunPage.of(detail, renderer.now(), base, told, problem))
                .map(
                        page ->
                                Pages.run(
                                        renderer.frame(
                                                page.row().definition() + " …" + page.row().tail(),
                                                "runs",
                                                actor,
                                                page.settled()
                                                        ? ""
                                                        : "/console/runs/"
                                                                + page.row().id()
                                                                + "/news?seen="
                                                                + page.headSeq()),
                                        page));
    }

    /// How many events the run's journal has grown by.
    @GET
    @Path("/{id}/news")
    @Operation(hidden = true)
    public Uni<RestResponse<String>> runNews(@RestPath String id, @RestQuery long seen) {
        return renderer.news(reader.summary(renderer.actor(), id).map(run -> grown(run, seen)));
    }

    private static News grown(RunSummary run, long seen) {
        return News.of(
                Math.max(run.headSeq() - seen, 0),
                "new event, now " + Words.lower(run.status()),
                "new events, now " + Words.lower(run.status()),
                "/console/runs/" + run.identity().id());
    }

    @GET
    @Path("/{id}/events")
    @Operation(hidden = true)
    public Uni<RestResponse<String>> events(
            @RestPath String id, @RestQuery @Nullable String cursor) {
        return renderer.page(actor -> events(actor, id, position(cursor)));
    }

    private Uni<TemplateInstance> events(Actor actor, String id, long after) {
        return Uni.combine()
                .all()
                .unis(reader.detail(actor, id), reader.journal(actor, id, EVENTS, after))
                .asTuple()
                .map(
                        read -> {
                            RunRow row = RunRow.of(read.getItem1().run(), renderer.now());
                            return Pages.events(
                                    renderer.frame("Events of …" + row.tail(), "runs", actor, ""),
                                    EventsPage.of(
                                            row,
                                            read.getItem2(),
                                            after,
                                            read.getItem1().run().createdAt()));
                        });
    }

    @POST
    @Path("/{id}/commands")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> command(
            @RestPath String id,
            @RestForm @Nullable String action,
            @RestForm @Nullable String reason,
            @RestForm @Nullable String effectId,
            @RestForm @Nullable String outcome,
            @RestForm @Nullable String result,
            @RestForm @Nullable String modelCalls,
            @RestForm @Nullable String toolCalls,
            @RestForm @Nullable String tokens,
            @RestForm @Nullable String costUsd,
            @RestForm @Nullable String wallClock,
            UriInfo uri) {
        Actor actor = renderer.actor();
        String base = uri.getBaseUri().toString();
        return renderer.form(
                () ->
                        carryOut(
                                        actor,
                                        id,
                                        orEmpty(action),
                                        reason,
                                        () ->
                                                BudgetForm.read(
                                                        modelCalls,
                                                        toolCalls,
                                                        tokens,
                                                        costUsd,
                                                        wallClock),
                                        () -> ask(orEmpty(action), effectId, outcome, result))
                                .map(run -> "/console/runs/" + run + "?told=" + orEmpty(action)),
                problem -> run(actor, id, base, "", problem));
    }

    /// Answers the run's id.
    private Uni<RunId> carryOut(
            Actor actor,
            String id,
            String action,
            @Nullable String reason,
            Supplier<BudgetTotals> totals,
            Supplier<Ask> ask) {
        Optional<String> why = Optional.ofNullable(reason);
        return switch (action) {
            case "legal-hold" -> holds.place(actor, id, why).map(_ -> RunId.of(id));
            case "legal-release" -> holds.lift(actor, id, why).map(_ -> RunId.of(id));
            case "budget" -> commands.raise(actor, id, totals.get(), why).map(RunCommand::runId);
            default -> commands.command(actor, id, ask.get(), why).map(RunCommand::runId);
        };
    }

    private static Ask ask(
            String action,
            @Nullable String effectId,
            @Nullable String outcome,
            @Nullable String result) {
        return switch (action) {
            case "hold" -> new Ask.HoldRun();
            case "release" -> new Ask.Release();
            case "cancel" -> new Ask.Cancel();
            case "reconcile" ->
                    Reconciling.ask(
                            Optional.ofNullable(effectId),
                            Optional.ofNullable(outcome),
                            result(orEmpty(result)));
            default ->
                    throw Problem.at(
                                    ProblemCode.INVALID_REQUEST,
                                    "action",
                                    "There is no such action.",
                                    "hold, release, cancel, reconcile, budget, legal-hold or"
                                            + " legal-release")
                            .asException();
        };
    }

    private static Optional<Json> result(String text) {
        return text.isBlank() ? Optional.empty() : Optional.of(JsonCodec.parse(text));
    }

    private static long position(@Nullable String cursor) {
        return cursor != null && cursor.matches("\\d{1,18}") ? Long.parseLong(cursor) : 0;
    }

    private static @Nullable String blank(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text.strip();
    }
}
