package dev.signalbox.request;

import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.web.Caller;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/// Finds out what is to be followed, and from where, while a refusal can still be a status: once a
/// stream has begun it could only break off.
@Singleton
class FollowGate {

    private static final String FOLLOWED = FollowGate.class.getName();

    private final OwnRuns own;
    private final Caller caller;

    FollowGate(OwnRuns own, Caller caller) {
        this.own = own;
        this.caller = caller;
    }

    /// @param afterSeq the last event that the client has seen
    /// @param deltas whether the client wants to hear what models say before it is in the journal
    record Followed(RunSummary run, long afterSeq, boolean deltas) {

        /// What the gate has found.
        static Followed of(ContainerRequestContext request) {
            return (Followed) request.getProperty(FOLLOWED);
        }
    }

    @Follows
    @ServerRequestFilter
    Uni<Response> find(ContainerRequestContext request, HttpServerResponse response) {
        UriInfo uri = request.getUriInfo();
        return own.find(uri.getPathParameters().getFirst("id"), caller.actor().tenant())
                .invoke(run -> request.setProperty(FOLLOWED, followed(run, request)))
                .invoke(() -> response.putHeader("Cache-Control", "no-store"))
                .replaceWith(() -> null);
    }

    private static Followed followed(RunSummary run, ContainerRequestContext request) {
        @Nullable String header = request.getHeaderString("Last-Event-ID");
        @Nullable String parameter =
                request.getUriInfo().getQueryParameters().getFirst("lastEventId");
        return new Followed(
                run,
                RunEventStream.position(header == null ? parameter : header, run),
                deltas(request.getUriInfo().getQueryParameters().getFirst("deltas")));
    }

    private static boolean deltas(@Nullable String parameter) {
        return switch (parameter) {
            case null -> false;
            case "false" -> false;
            case "true" -> true;
            default ->
                    throw Problem.at(
                                    ProblemCode.INVALID_REQUEST,
                                    "deltas",
                                    "'" + parameter + "' says neither yes nor no",
                                    "true or false")
                            .asException();
        };
    }
}
