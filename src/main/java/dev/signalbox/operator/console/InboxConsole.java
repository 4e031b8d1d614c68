package dev.signalbox.operator.console;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.operator.Access;
import dev.signalbox.operator.Approvals;
import dev.signalbox.operator.Overviews;
import dev.signalbox.operator.RunReader;
import dev.signalbox.operator.view.ApprovalView;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunFilter;
import dev.signalbox.web.Paging.Items;
import dev.signalbox.web.RunListQuery;
import dev.signalbox.web.RunView;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// The first page: what needs a person.
@Path("/")
@Produces(MediaType.TEXT_HTML)
public class InboxConsole {

    private static final int WAITING = 50;
    private static final int FEW = 10;

    private final RunReader runs;
    private final Approvals approvals;
    private final Overviews overviews;
    private final Renderer renderer;

    InboxConsole(RunReader runs, Approvals approvals, Overviews overviews, Renderer renderer) {
        this.runs = runs;
        this.approvals = approvals;
        this.overviews = overviews;
        this.renderer = renderer;
    }

    @GET
    @Operation(hidden = true)
    public Uni<RestResponse<String>> inbox() {
        return Access.mayRead(renderer.actor())
                ? renderer.page(this::inbox)
                : Uni.createFrom().item(Renderer.seeOther("/console/approvals"));
    }

    private Uni<TemplateInstance> inbox(Actor actor) {
        Frame frame =
                renderer.frame("Inbox", "inbox", actor, "/console/news?since=" + renderer.now());
        return Uni.combine()
                .all()
                .unis(
                        overviews.overview(actor),
                        pending(actor),
                        list(actor, "held", WAITING),
                        list(actor, "failed", FEW),
                        list(actor, "", FEW))
                .asTuple()
                .map(
                        read ->
                                Pages.inbox(
                                        frame,
                                        InboxPage.of(
                                                read.getItem1(),
                                                read.getItem2().items(),
                                                read.getItem3().items(),
                                                read.getItem2().nextCursor().isPresent()
                                                        || read.getItem3().nextCursor().isPresent(),
                                                read.getItem4().items(),
                                                read.getItem5().items(),
                                                renderer.teach())));
    }

    /// How much has begun to wait since the page was loaded.
    @GET
    @Path("/console/news")
    @Operation(hidden = true)
    public Uni<RestResponse<String>> news(@RestQuery @Nullable String since) {
        Actor actor = renderer.actor();
        Instant loaded = RunListQuery.time("since", since).orElse(renderer.now());
        return renderer.news(
                Uni.combine()
                        .all()
                        .unis(pending(actor), list(actor, "held,failed", WAITING))
                        .asTuple()
                        .map(
                                read ->
                                        fresh(
                                                read.getItem1().items(),
                                                read.getItem2().items(),
                                                loaded))
                        .map(count -> News.of(count, "new entry", "new entries", "/")));
    }

    private static long fresh(List<ApprovalView> waiting, List<RunView> stopped, Instant loaded) {
        return Stream.concat(
                        waiting.stream().map(ApprovalView::requestedAt),
                        stopped.stream().map(RunView::updatedAt))
                .filter(loaded::isBefore)
                .count();
    }

    private Uni<Items<ApprovalView>> pending(Actor actor) {
        return approvals.list(
                actor, Optional.of(Approval.Status.PENDING), PageRequest.first(WAITING));
    }

    private Uni<Items<RunView>> list(Actor actor, String status, int limit) {
        RunFilter filter = RunListQuery.filter(actor.tenant(), List.of(status), null, List.of());
        return runs.list(actor, filter, PageRequest.first(limit));
    }
}
