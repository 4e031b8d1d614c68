package dev.signalbox.operator.console;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.operator.JobCommands;
import dev.signalbox.operator.Jobs;
import dev.signalbox.operator.JobsResource;
import dev.signalbox.store.PageRequest;
import dev.signalbox.web.Paging;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// Pages about jobs, and the forms on them.
@Path("/console/jobs")
@Produces(MediaType.TEXT_HTML)
public class JobsConsole {

    private static final int FIRINGS = 30;

    private final Jobs jobs;
    private final JobCommands commands;
    private final Renderer renderer;

    JobsConsole(Jobs jobs, JobCommands commands, Renderer renderer) {
        this.jobs = jobs;
        this.commands = commands;
        this.renderer = renderer;
    }

    @GET
    @Operation(hidden = true)
    public Uni<RestResponse<String>> list(@RestQuery @Nullable String cursor) {
        return renderer.page(
                actor ->
                        jobs.list(actor, Paging.request(null, cursor))
                                .map(
                                        found ->
                                                Pages.jobs(
                                                        renderer.frame("Jobs", "jobs", actor, ""),
                                                        JobsPage.of(found, renderer.now()))));
    }

    @GET
    @Path("/{name}")
    @Operation(hidden = true)
    public Uni<RestResponse<String>> job(
            @RestPath String name,
            @RestQuery @Nullable String told,
            @RestQuery @Nullable String cursor,
            UriInfo uri) {
        String base = uri.getBaseUri().toString();
        return renderer.page(actor -> job(actor, name, base, orEmpty(told), "", cursor));
    }

    private Uni<TemplateInstance> job(
            Actor actor,
            String name,
            String base,
            String told,
            String problem,
            @Nullable String cursor) {
        PageRequest page = new PageRequest(FIRINGS, Paging.request(null, cursor).after());
        return Uni.combine()
                .all()
                .unis(jobs.detail(actor, name), jobs.firings(actor, name, page))
                .asTuple()
                .map(
                        read ->
                                Pages.job(
                                        renderer.frame(
                                                read.getItem1().job().name(), "jobs", actor, ""),
                                        JobPage.of(
                                                read.getItem1(),
                                                read.getItem2(),
                                                renderer.now(),
                                                base,
                                                told,
                                                problem)));
    }

    @POST
    @Path("/{name}/commands")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> command(
            @RestPath String name,
            @RestForm @Nullable String action,
            @RestForm @Nullable String reason,
            @RestForm @Nullable String from,
            @RestForm @Nullable String until,
            UriInfo uri) {
        Actor actor = renderer.actor();
        String base = uri.getBaseUri().toString();
        return renderer.form(
                () ->
                        commands.command(
                                        actor,
                                        name,
                                        JobsResource.ask(
                                                orEmpty(action),
                                                Optional.ofNullable(from),
                                                Optional.ofNullable(until)),
                                        Optional.ofNullable(reason))
                                .map(_ -> "/console/jobs/" + name + "?told=" + orEmpty(action)),
                problem -> job(actor, name, base, "", problem, null));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text.strip();
    }
}
