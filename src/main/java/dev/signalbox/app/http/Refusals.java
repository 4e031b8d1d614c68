package dev.signalbox.app.http;

import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.web.Faults;
import dev.signalbox.web.ProblemBody;
import dev.signalbox.web.ProblemMappers;
import io.quarkus.security.AuthenticationException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Answers, as problems, what fails before a resource is reached or where there is none: no such
/// path, no right, too much.
@ApplicationScoped
public class Refusals {

    private static final Logger LOG = Logger.getLogger(Refusals.class);
    private static final int FIRST = Integer.MIN_VALUE;
    private static final String RETRY_SECONDS = "2";

    private final ProblemMappers problems;

    Refusals(ProblemMappers problems) {
        this.problems = problems;
    }

    void install(@Observes Router router) {
        router.route().order(FIRST).failureHandler(this::answer);
        router.errorHandler(ProblemCode.NOT_FOUND.status(), this::answer);
        router.errorHandler(ProblemCode.METHOD_NOT_ALLOWED.status(), this::answer);
    }

    /// Ends `context` with the problem of that code.
    public void refuse(RoutingContext context, ProblemCode code, String detail) {
        HttpServerResponse response = context.response();
        if (response.ended()) {
            return;
        }
        if (response.headWritten()) {
            response.reset();
            return;
        }
        if (code == ProblemCode.UNAUTHENTICATED) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        if (code == ProblemCode.UNAVAILABLE) {
            response.putHeader("Retry-After", RETRY_SECONDS);
        }
        response.setStatusCode(code.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, ProblemBody.MEDIA_TYPE)
                .end(problems.json(Problem.of(code, detail)));
    }

    private void answer(RoutingContext context) {
        Throwable failure = context.failure();
        if (failure == null) {
            byStatus(context, context.statusCode());
            return;
        }
        switch (failure) {
            case UnauthorizedException _ ->
                    refuse(context, ProblemCode.UNAUTHENTICATED, "a bearer token is needed");
            case AuthenticationException _ ->
                    refuse(context, ProblemCode.UNAUTHENTICATED, "the token is not known here");
            case ForbiddenException _ ->
                    refuse(context, ProblemCode.FORBIDDEN, "the caller's roles do not allow this");
            default -> unexpected(context, failure);
        }
    }

    private void unexpected(RoutingContext context, Throwable failure) {
        Problem problem =
                Faults.problem(failure)
                        .orElseGet(
                                () -> {
                                    String id = UUID.randomUUID().toString();
                                    LOG.errorf(failure, "a request failed, error id %s", id);
                                    return Problem.of(
                                            ProblemCode.INTERNAL,
                                            "the error is logged under id " + id);
                                });
        refuse(context, problem.code(), problem.detail());
    }

    private void byStatus(RoutingContext context, int status) {
        switch (status) {
            case 401 -> refuse(context, ProblemCode.UNAUTHENTICATED, "a bearer token is needed");
            case 403 -> refuse(context, ProblemCode.FORBIDDEN, "not allowed");
            case 404 -> refuse(context, ProblemCode.NOT_FOUND, "there is nothing here");
            case 405 ->
                    refuse(context, ProblemCode.METHOD_NOT_ALLOWED, "this path has no such method");
            case 413 -> refuse(context, ProblemCode.TOO_LARGE, "the body is too large");
            case 503 -> refuse(context, ProblemCode.UNAVAILABLE, "try again later");
            default -> {
                if (status < ProblemCode.INTERNAL.status()) {
                    refuse(context, ProblemCode.INVALID_REQUEST, "the request cannot be read");
                } else {
                    refuse(context, ProblemCode.INTERNAL, "something went wrong here");
                }
            }
        }
    }
}
