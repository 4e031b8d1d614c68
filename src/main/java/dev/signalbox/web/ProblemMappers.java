package dev.signalbox.web;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.inject.Singleton;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// Every failure of a REST call as `application/problem+json`.
///
/// Guarantee: what is wrong with a request is said, with the field; what is wrong with us is logged
/// under an id, and only the id goes out.
@Singleton
public class ProblemMappers {

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);
    private static final String RETRY_SECONDS = "2";

    private final ObjectMapper mapper;

    ProblemMappers(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /// The response that says `problem`.
    public Response response(Problem problem) {
        Response.ResponseBuilder response =
                Response.status(problem.code().status())
                        .type(ProblemBody.MEDIA_TYPE)
                        .entity(json(problem));
        if (problem.code() == ProblemCode.UNAVAILABLE) {
            response.header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
        }
        if (problem.code() == ProblemCode.UNAUTHENTICATED) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        return response.build();
    }

    /// The text of `problem` on the wire.
    public String json(Problem problem) {
        try {
            return mapper.writeValueAsString(ProblemBody.of(problem));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a problem is always JSON", impossible);
        }
    }

    @ServerExceptionMapper(ProblemException.class)
    Response problem(ProblemException exception) {
        return response(exception.problem());
    }

    @ServerExceptionMapper(ConstraintViolationException.class)
    Response violations(ConstraintViolationException exception) {
        return any(exception);
    }

    @ServerExceptionMapper(MismatchedInputException.class)
    Response mismatch(MismatchedInputException exception) {
        return any(exception);
    }

    @ServerExceptionMapper(UnauthorizedException.class)
    Response unauthenticated(UnauthorizedException exception) {
        return response(Problem.of(ProblemCode.UNAUTHENTICATED, "a bearer token is needed"));
    }

    @ServerExceptionMapper(AuthenticationFailedException.class)
    Response unauthenticated(AuthenticationFailedException exception) {
        return response(Problem.of(ProblemCode.UNAUTHENTICATED, "the bearer token is not known"));
    }

    @ServerExceptionMapper(ForbiddenException.class)
    Response forbidden(ForbiddenException exception) {
        return response(Problem.of(ProblemCode.FORBIDDEN, "the caller's roles do not allow this"));
    }

    @ServerExceptionMapper(WebApplicationException.class)
    Response refused(WebApplicationException exception) {
        if (exception.getCause() instanceof JacksonException malformed) {
            return any(malformed);
        }
        Response original = exception.getResponse();
        Optional<Problem> problem = byStatus(original.getStatus());
        if (problem.isEmpty()) {
            return original.getStatus() < Response.Status.BAD_REQUEST.getStatusCode()
                    ? original
                    : any(exception);
        }
        Response response = response(problem.get());
        Object allow = original.getHeaders().getFirst(HttpHeaders.ALLOW);
        return allow == null
                ? response
                : Response.fromResponse(response).header(HttpHeaders.ALLOW, allow).build();
    }

    @ServerExceptionMapper(Throwable.class)
    Response any(Throwable exception) {
        return Faults.problem(exception).map(this::response).orElseGet(() -> internal(exception));
    }

    private Response internal(Throwable exception) {
        String id = UUID.randomUUID().toString();
        LOG.errorf(exception, "A request failed; the client was told error id %s", id);
        return response(Problem.of(ProblemCode.INTERNAL, "the error is logged under id " + id));
    }

    private static Optional<Problem> byStatus(int status) {
        return switch (status) {
            case 400 -> told(ProblemCode.INVALID_REQUEST, "the request cannot be read");
            case 401 -> told(ProblemCode.UNAUTHENTICATED, "a bearer token is needed");
            case 403 -> told(ProblemCode.FORBIDDEN, "the caller's roles do not allow this");
            case 404 -> told(ProblemCode.NOT_FOUND, "there is nothing here");
            case 405 -> told(ProblemCode.METHOD_NOT_ALLOWED, "this path has no such method");
            case 406 ->
                    told(ProblemCode.NOT_ACCEPTABLE, "no representation fits the Accept header");
            case 413 -> told(ProblemCode.TOO_LARGE, "the body is too large");
            case 415 ->
                    told(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "the body's media type does not fit");
            case 503 -> told(ProblemCode.UNAVAILABLE, "try again later");
            default -> Optional.empty();
        };
    }

    private static Optional<Problem> told(ProblemCode code, String detail) {
        return Optional.of(Problem.of(code, detail));
    }
}
