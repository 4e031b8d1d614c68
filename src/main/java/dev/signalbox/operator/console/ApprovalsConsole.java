package dev.signalbox.operator.console;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Decision.Choice;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.operator.Access;
import dev.signalbox.operator.Approvals;
import dev.signalbox.operator.Decisions;
import dev.signalbox.operator.Decisions.Wish;
import dev.signalbox.operator.view.ApprovalView;
import dev.signalbox.web.Paging;
import dev.signalbox.web.RunListQuery;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// Pages about approvals, and the decision.
@Path("/console/approvals")
@Produces(MediaType.TEXT_HTML)
public class ApprovalsConsole {

    private final Approvals approvals;
    private final Decisions decisions;
    private final Renderer renderer;

    ApprovalsConsole(Approvals approvals, Decisions decisions, Renderer renderer) {
        this.approvals = approvals;
        this.decisions = decisions;
        this.renderer = renderer;
    }

    @GET
    @Operation(hidden = true)
    public Uni<RestResponse<String>> list(
            @RestQuery @Nullable String status, @RestQuery @Nullable String cursor) {
        boolean all = "all".equals(status);
        return renderer.page(actor -> list(actor, all, cursor));
    }

    private Uni<TemplateInstance> list(Actor actor, boolean all, @Nullable String cursor) {
        Instant now = renderer.now();
        Frame frame =
                renderer.frame(
                        "Approvals", "approvals", actor, "/console/approvals/news?since=" + now);
        return approvals
                .list(
                        actor,
                        all ? Optional.empty() : Optional.of(Approval.Status.PENDING),
                        Paging.request(null, cursor))
                .map(
                        found ->
                                Pages.approvals(
                                        frame,
                                        new ApprovalsPage(
                                                all ? "all" : "pending",
                                                found.items().stream()
                                                        .map(view -> ApprovalCard.of(view, now))
                                                        .toList(),
                                                found.nextCursor()
                                                        .map(
                                                                next ->
                                                                        "/console/approvals?status="
                                                                                + (all ? "all" : "")
                                                                                + "&cursor="
                                                                                + next)
                                                        .orElse(""),
                                                !all,
                                                renderer.teach())));
    }

    /// How many approvals have come since the list was loaded.
    @GET
    @Path("/news")
    @Operation(hidden = true)
    public Uni<RestResponse<String>> listNews(@RestQuery @Nullable String since) {
        Instant loaded = RunListQuery.time("since", since).orElse(renderer.now());
        return renderer.news(
                approvals
                        .list(
                                renderer.actor(),
                                Optional.of(Approval.Status.PENDING),
                                Paging.request(null, null))
                        .map(
                                found ->
                                        found.items().stream()
                                                .map(ApprovalView::requestedAt)
                                                .filter(loaded::isBefore)
                                                .count())
                        .map(
                                count ->
                                        News.of(
                                                count,
                                                "new approval",
                                                "new approvals",
                                                "/console/approvals")));
    }

    @GET
    @Path("/{id}")
    @Operation(hidden = true)
    public Uni<RestResponse<String>> approval(@RestPath String id, UriInfo uri) {
        String base = uri.getBaseUri().toString();
        return renderer.page(actor -> approval(actor, id, base, "", ""));
    }

    private Uni<TemplateInstance> approval(
            Actor actor, String id, String base, String problem, String reason) {
        return approvals
                .open(actor, id)
                .map(found -> ApprovalPage.of(found, actor, renderer.now(), base, problem, reason))
                .map(
                        page ->
                                Pages.approval(
                                        renderer.frame(
                                                "Approve " + page.card().tool() + "?",
                                                "approvals",
                                                actor,
                                                page.pending()
                                                        ? "/console/approvals/"
                                                                + page.card().id()
                                                                + "/news?votes="
                                                                + page.votes().size()
                                                        : ""),
                                        page));
    }

    /// Whether somebody else has decided meanwhile.
    @GET
    @Path("/{id}/news")
    @Operation(hidden = true)
    public Uni<RestResponse<String>> news(@RestPath String id, @RestQuery int votes) {
        return renderer.news(
                approvals
                        .find(renderer.actor(), id)
                        .map(
                                view ->
                                        view.status() == Approval.Status.PENDING
                                                        && view.decisions().size() == votes
                                                ? News.NONE
                                                : new News(
                                                        "",
                                                        "This approval has changed: "
                                                                + Words.plain(view.status()),
                                                        "/console/approvals/" + view.id())));
    }

    @POST
    @Path("/{id}/decisions")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> decide(
            @RestPath String id,
            @RestForm @Nullable String decision,
            @RestForm @Nullable String callDigest,
            @RestForm @Nullable String reason,
            UriInfo uri) {
        Actor actor = renderer.actor();
        String base = uri.getBaseUri().toString();
        Wish wish =
                new Wish(
                        choice(decision),
                        Optional.ofNullable(callDigest),
                        Optional.ofNullable(reason),
                        Optional.empty());
        return renderer.form(
                () -> decisions.decide(actor, id, wish).map(view -> afterwards(actor, view, wish)),
                problem -> approval(actor, id, base, problem, reason == null ? "" : reason));
    }

    private static String afterwards(Actor actor, ApprovalView view, Wish wish) {
        return Access.mayRead(actor)
                ? "/console/runs/"
                        + view.runId()
                        + "?told="
                        + wish.decision().map(Words::lower).orElse("")
                : "/console/approvals/" + view.id();
    }

    private static Optional<Choice> choice(@Nullable String decision) {
        return switch (decision == null ? "" : decision) {
            case "approve" -> Optional.of(Choice.APPROVE);
            case "reject" -> Optional.of(Choice.REJECT);
            default -> Optional.empty();
        };
    }
}
