package dev.signalbox.app.http;

import dev.signalbox.domain.audit.Actor.Plane;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.observe.Role;
import dev.signalbox.observe.Roles;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.util.Set;

/// What is visible on which listener: a path of one plane does not exist on the other's, and
/// nothing of a role that this process does not have exists anywhere.
///
/// On the operator's it also keeps browsers in check: a form on another site cannot use an
/// operator's session, and pages load nothing from elsewhere.
@ApplicationScoped
class PlaneBoundary {

    private static final int PRIORITY = 1000;
    private static final Set<HttpMethod> SAFE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final String CONTENT_POLICY =
            "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self';"
                    + " object-src 'none'";

    private final Listeners listeners;
    private final Refusals refusals;
    private final Roles roles;

    PlaneBoundary(Listeners listeners, Refusals refusals, Roles roles) {
        this.listeners = listeners;
        this.refusals = refusals;
        this.roles = roles;
    }

    void install(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        Plane plane = listeners.plane(request);
        if (!served(plane) || !visible(plane, context.normalizedPath())) {
            refusals.refuse(context, ProblemCode.NOT_FOUND, "there is nothing here");
            return;
        }
        if (plane == Plane.OPERATOR) {
            protect(context);
            if (fromElsewhere(request)) {
                refusals.refuse(context, ProblemCode.FORBIDDEN, "this comes from another site");
                return;
            }
        }
        context.next();
    }

    private boolean served(Plane plane) {
        return switch (plane) {
            case REQUEST -> roles.has(Role.REQUEST);
            case OPERATOR -> roles.has(Role.OPERATOR);
            case RUNTIME -> false;
        };
    }

    private static boolean visible(Plane plane, String path) {
        return switch (plane) {
            case REQUEST ->
                    path.startsWith("/v1/")
                            || path.equals("/a2a")
                            || path.equals("/openapi")
                            || path.equals("/.well-known/agent-card.json");
            case OPERATOR ->
                    path.startsWith("/operator/v1/")
                            || path.equals("/")
                            || path.equals("/login")
                            || path.equals("/logout")
                            || path.startsWith("/console/")
                            || path.startsWith("/assets/");
            case RUNTIME -> false;
        };
    }

    private static void protect(RoutingContext context) {
        if (!context.normalizedPath().startsWith("/assets/")) {
            context.response().putHeader("Cache-Control", "no-store");
        }
        context.response()
                .putHeader("Content-Security-Policy", CONTENT_POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "same-origin")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin");
    }

    /// Whether a browser sent a command on behalf of a page that is not ours. Programs send neither
    /// header; a bearer token is never sent by a browser on its own.
    private static boolean fromElsewhere(HttpServerRequest request) {
        if (SAFE.contains(request.method()) || request.getHeader("Authorization") != null) {
            return false;
        }
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return true;
        }
        String origin = request.getHeader("Origin");
        return origin != null && !sameHost(origin, request);
    }

    private static boolean sameHost(String origin, HttpServerRequest request) {
        try {
            return request.authority() != null
                    && request.authority().toString().equals(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
