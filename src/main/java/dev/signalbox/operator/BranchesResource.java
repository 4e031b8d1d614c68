package dev.signalbox.operator;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.operator.view.BranchPlanView;
import dev.signalbox.web.Caller;
import dev.signalbox.web.ProblemBody;
import dev.signalbox.web.RunView;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/// Branches of a run.
@Path("/operator/v1/runs/{id}/branches")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "operator: branches", description = "Go on from a checkpoint of another run")
public class BranchesResource {

    private final Branches branches;
    private final RunReader reader;
    private final Caller caller;

    BranchesResource(Branches branches, RunReader reader, Caller caller) {
        this.branches = branches;
        this.reader = reader;
        this.caller = caller;
    }

    /// A refusal with the plan that it is about.
    @Schema(name = "BranchRefused")
    public record Refused(@JsonUnwrapped ProblemBody problem, BranchPlanView plan) {}

    @POST
    @Path("/plan")
    @Operation(
            summary = "What a branch would do",
            description =
                    "Per effect after the checkpoint: what was recorded, the hazard of making it"
                            + " again, what can be chosen. Changes nothing.")
    @APIResponse(
            responseCode = "200",
            description = "the plan",
            content = @Content(schema = @Schema(implementation = BranchPlanView.class)))
    public Uni<BranchPlanView> plan(@RestPath String id, @Nullable BranchRequest body) {
        return branches.plan(caller.actor(), id, present(body));
    }

    @POST
    @Operation(
            summary = "Make a branch",
            description =
                    "A run of its own that goes on from the checkpoint; the origin stays as it is.")
    @APIResponse(
            responseCode = "202",
            description = "the branch",
            content = @Content(schema = @Schema(implementation = RunView.class)))
    @APIResponse(
            responseCode = "409",
            description = "a hazardous effect was not acknowledged; with the plan",
            content =
                    @Content(
                            mediaType = ProblemBody.MEDIA_TYPE,
                            schema = @Schema(implementation = Refused.class)))
    public Uni<Response> branch(@RestPath String id, @Nullable BranchRequest body) {
        Actor actor = caller.actor();
        BranchRequest request = present(body);
        return branches.branch(actor, id, request)
                .chain(run -> reader.view(actor, run))
                .map(BranchesResource::made)
                .onFailure(BranchesResource::hazardous)
                .recoverWithUni(refusal -> refused(actor, id, request, refusal));
    }

    private static Response made(RunView branch) {
        return Response.accepted(branch)
                .location(URI.create("/operator/v1/runs/" + branch.id()))
                .build();
    }

    private static boolean hazardous(Throwable failure) {
        return failure instanceof ProblemException refused
                && refused.problem().code() == ProblemCode.HAZARD_NOT_ACKNOWLEDGED;
    }

    private Uni<Response> refused(
            Actor actor, String id, BranchRequest request, Throwable refusal) {
        ProblemBody problem = ProblemBody.of(((ProblemException) refusal).problem());
        return branches.plan(actor, id, request)
                .map(
                        plan ->
                                Response.status(problem.status())
                                        .type(ProblemBody.MEDIA_TYPE)
                                        .entity(new Refused(problem, plan))
                                        .build());
    }

    private static BranchRequest present(@Nullable BranchRequest body) {
        if (body == null) {
            throw BranchRequest.invalid(
                    "checkpoint", "the body is missing", "an object with a checkpoint");
        }
        return body;
    }
}
