package dev.signalbox.app.auth;

import dev.signalbox.app.http.Listeners;
import dev.signalbox.app.http.Refusals;
import dev.signalbox.domain.audit.Actor.Plane;
import dev.signalbox.domain.problem.ProblemCode;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Knows a caller by bearer token, and an operator in the console by session cookie.
///
/// Guarantee: a token counts on the listener of its own plane only; elsewhere it is unknown.
@ApplicationScoped
public class TokenAuthentication implements HttpAuthenticationMechanism {

    private static final String SCHEME = "Bearer ";
    private static final int UNAUTHORIZED = 401;
    private static final int SEE_OTHER = 303;

    private final Callers callers;
    private final ConsoleSessions sessions;
    private final Listeners listeners;
    private final Refusals refusals;

    TokenAuthentication(
            Callers callers, ConsoleSessions sessions, Listeners listeners, Refusals refusals) {
        this.refusals = refusals;
        this.callers = callers;
        this.sessions = sessions;
        this.listeners = listeners;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(
            RoutingContext context, IdentityProviderManager identities) {
        Plane plane = listeners.plane(context.request());
        String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (header != null) {
            return Uni.createFrom().item(withHeader(header, plane));
        }
        Cookie cookie = context.request().getCookie(ConsoleSessions.COOKIE);
        if (cookie == null || plane != Plane.OPERATOR) {
            return Uni.createFrom().nullItem();
        }
        return Uni.createFrom()
                .item(
                        sessions.caller(cookie.getValue())
                                .map(TokenAuthentication::identity)
                                .orElse(null));
    }

    private SecurityIdentity withHeader(String header, Plane plane) {
        Optional<KnownCaller> caller =
                header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                        ? callers.withToken(header.substring(SCHEME.length()).strip(), plane)
                        : Optional.empty();
        return caller.map(TokenAuthentication::identity)
                .orElseThrow(() -> new AuthenticationFailedException("unknown token"));
    }

    static SecurityIdentity identity(KnownCaller caller) {
        String plane = caller.plane().name().toLowerCase(Locale.ROOT);
        Set<String> roles = new LinkedHashSet<>();
        caller.roles().forEach(role -> roles.add(plane + ":" + role));
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(caller.name()))
                .addRoles(roles)
                .addAttribute("plane", plane)
                .addAttribute("tenant", caller.tenant())
                .addAttribute("roles", Set.copyOf(caller.roles()))
                .build();
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom()
                .item(
                        wantsPage(context)
                                ? new ChallengeData(SEE_OTHER, "Location", loginFor(context))
                                : new ChallengeData(UNAUTHORIZED, "WWW-Authenticate", "Bearer"));
    }

    @Override
    public Uni<Boolean> sendChallenge(RoutingContext context) {
        if (wantsPage(context)) {
            context.response()
                    .setStatusCode(SEE_OTHER)
                    .putHeader(HttpHeaders.LOCATION, loginFor(context))
                    .end();
        } else {
            refusals.refuse(
                    context,
                    ProblemCode.UNAUTHENTICATED,
                    context.request().getHeader(HttpHeaders.AUTHORIZATION) == null
                            ? "a bearer token is needed"
                            : "the token is not known here");
        }
        return Uni.createFrom().item(true);
    }

    /// Whether a person in a browser asks for a page of the console: they are shown the way in.
    private boolean wantsPage(RoutingContext context) {
        String accept = context.request().getHeader(HttpHeaders.ACCEPT);
        return listeners.plane(context.request()) == Plane.OPERATOR
                && context.request().method().equals(HttpMethod.GET)
                && context.request().getHeader(HttpHeaders.AUTHORIZATION) == null
                && !context.normalizedPath().startsWith("/operator/")
                && accept != null
                && accept.contains("text/html");
    }

    private static String loginFor(RoutingContext context) {
        return "/login?next=" + URLEncoder.encode(context.request().uri(), StandardCharsets.UTF_8);
    }
}
