package dev.signalbox.app.auth;

import dev.signalbox.domain.audit.Actor.Plane;
import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a person comes into the console and leaves it: a token for a session, and back.
///
/// The page is the template `login` (`next`: where to go afterwards; `refused`: whether a token was
/// just turned down).
@ApplicationScoped
class ConsoleDoor {

    private static final int UNAUTHORIZED = 401;
    private static final int SEE_OTHER = 303;
    private static final int MAX_FORM_BYTES = 16 * 1024;
    private static final String HOME = "/";

    private final Callers callers;
    private final ConsoleSessions sessions;
    private final Template page;

    ConsoleDoor(Callers callers, ConsoleSessions sessions, @Location("login") Template page) {
        this.callers = callers;
        this.sessions = sessions;
        this.page = page;
    }

    void install(@Observes Router router) {
        BodyHandler form = BodyHandler.create(false).setBodyLimit(MAX_FORM_BYTES);
        router.get("/login").handler(context -> show(context, false));
        router.post("/login").handler(form).handler(this::enter);
        router.post("/logout").handler(this::leave);
    }

    private void show(RoutingContext context, boolean refused) {
        String next = safeNext(context.request().getParam("next"));
        context.response()
                .setStatusCode(refused ? UNAUTHORIZED : context.response().getStatusCode())
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                .end(page.data("next", next).data("refused", refused).render());
    }

    private void enter(RoutingContext context) {
        String token = context.request().getFormAttribute("token");
        Optional<KnownCaller> operator =
                token == null ? Optional.empty() : callers.withToken(token.strip(), Plane.OPERATOR);
        if (operator.isEmpty()) {
            show(context, true);
            return;
        }
        context.response()
                .addCookie(
                        cookie(context, sessions.open(operator.get()))
                                .setMaxAge(ConsoleSessions.LIFETIME.toSeconds()));
        goTo(context, safeNext(context.request().getParam("next")));
    }

    private void leave(RoutingContext context) {
        context.response().addCookie(cookie(context, "").setMaxAge(0));
        goTo(context, "/login");
    }

    private static void goTo(RoutingContext context, String path) {
        context.response().setStatusCode(SEE_OTHER).putHeader(HttpHeaders.LOCATION, path).end();
    }

    private static Cookie cookie(RoutingContext context, String value) {
        boolean encrypted =
                context.request().isSSL()
                        || "https"
                                .equalsIgnoreCase(context.request().getHeader("X-Forwarded-Proto"));
        return Cookie.cookie(ConsoleSessions.COOKIE, value)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(encrypted)
                .setSameSite(CookieSameSite.STRICT);
    }

    /// `next` if it is a path of this site, else the console's first page. Browsers read `//host`
    /// and `/\host` as another site.
    static String safeNext(@Nullable String next) {
        return next != null
                        && next.matches("/[!-~]*")
                        && !next.startsWith("//")
                        && !next.contains("\\")
                ? next
                : HOME;
    }
}
