package dev.signalbox.operator;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Decision.Choice;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.operator.view.ApprovalView;
import dev.signalbox.web.Caller;
import dev.signalbox.web.Paging;
import dev.signalbox.web.Paging.Items;
import dev.signalbox.web.RunListQuery;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// Approvals, for those who decide.
@Path("/operator/v1/approvals")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "operator: approvals", description = "Decide on exact calls")
public class ApprovalsResource {

    private final Approvals approvals;
    private final Decisions decisions;
    private final Caller caller;

    ApprovalsResource(Approvals approvals, Decisions decisions, Caller caller) {
        this.approvals = approvals;
        this.decisions = decisions;
        this.caller = caller;
    }

    @GET
    public Uni<Items<ApprovalView>> list(
            @RestQuery @Nullable String status,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        return approvals.list(
                caller.actor(),
                RunListQuery.given("status", status).map(ApprovalsResource::status),
                Paging.request(limit, cursor));
    }

    @GET
    @Path("/{id}")
    public Uni<ApprovalView> get(@RestPath String id) {
        return approvals.find(caller.actor(), id);
    }

    /// A decision as it comes in. What is missing is refused, and the refusal recorded.
    public record Decision(
            Optional<Choice> decision,
            Optional<String> callDigest,
            Optional<String> reason,
            Optional<JsonObject> arguments) {}

    @POST
    @Path("/{id}/decisions")
    public Uni<ApprovalView> decide(@RestPath String id, @Nullable Decision body) {
        Decisions.Wish wish =
                body == null
                        ? new Decisions.Wish(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())
                        : new Decisions.Wish(
                                body.decision(),
                                body.callDigest(),
                                body.reason(),
                                body.arguments());
        return decisions.decide(caller.actor(), id, wish);
    }

    private static Approval.Status status(String text) {
        return Arrays.stream(Approval.Status.values())
                .filter(status -> name(status).equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                Problem.at(
                                                ProblemCode.INVALID_REQUEST,
                                                "status",
                                                "there is no such status",
                                                Arrays.stream(Approval.Status.values())
                                                        .map(ApprovalsResource::name)
                                                        .collect(Collectors.joining(", ")))
                                        .asException());
    }

    private static String name(Approval.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
