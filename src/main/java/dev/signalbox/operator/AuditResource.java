package dev.signalbox.operator;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.operator.AuditReader.AuditView;
import dev.signalbox.operator.Overviews.Overview;
import dev.signalbox.web.Caller;
import dev.signalbox.web.Paging;
import dev.signalbox.web.Paging.Items;
import dev.signalbox.web.RunListQuery;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// Who commanded what, and how everything stands.
@Path("/operator/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "operator: audit", description = "Records of every command, and counts")
public class AuditResource {

    private final AuditReader audit;
    private final Overviews overviews;
    private final Caller caller;

    AuditResource(AuditReader audit, Overviews overviews, Caller caller) {
        this.audit = audit;
        this.overviews = overviews;
        this.caller = caller;
    }

    @GET
    @Path("/audit")
    public Uni<Items<AuditView>> audit(
            @RestQuery @Nullable String runId,
            @RestQuery @Nullable String actor,
            @RestQuery @Nullable String action,
            @RestQuery @Nullable String since,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        return audit.list(
                caller.actor(),
                RunListQuery.given("runId", runId).map(AuditResource::runId),
                RunListQuery.given("actor", actor),
                RunListQuery.given("action", action),
                RunListQuery.time("since", since),
                Paging.request(limit, cursor));
    }

    @GET
    @Path("/overview")
    public Uni<Overview> overview() {
        return overviews.overview(caller.actor());
    }

    private static RunId runId(String text) {
        try {
            return RunId.of(text);
        } catch (IllegalArgumentException _) {
            throw Problem.at(
                            ProblemCode.INVALID_REQUEST, "runId", "the run id is not one", "a UUID")
                    .asException();
        }
    }
}
