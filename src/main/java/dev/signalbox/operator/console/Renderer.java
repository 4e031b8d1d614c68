package dev.signalbox.operator.console;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.web.Caller;
import dev.signalbox.web.Faults;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/// Turns pages into responses, and failures into pages.
@ApplicationScoped
class Renderer {

    private static final Logger LOG = Logger.getLogger(Renderer.class);
    private static final int OK = 200;
    private static final int SEE_OTHER = 303;

    private final InstantSource clock;
    private final Assets assets;
    private final Caller caller;
    private final String teach;

    Renderer(
            InstantSource clock,
            Assets assets,
            Caller caller,
            @ConfigProperty(name = "quarkus.http.port") int requestPort) {
        this.clock = clock;
        this.assets = assets;
        this.caller = caller;
        this.teach = Api.submit("http://localhost:" + requestPort);
    }

    Instant now() {
        return clock.instant();
    }

    /// The command that fills an empty page.
    String teach() {
        return teach;
    }

    Actor actor() {
        return caller.actor();
    }

    Frame frame(String title, String section, Actor actor, String news) {
        return Frame.of(title, section, actor, now(), assets.assetVersion(), news);
    }

    Uni<RestResponse<String>> page(Function<Actor, Uni<TemplateInstance>> page) {
        Actor actor = caller.actor();
        return Uni.createFrom()
                .deferred(() -> page.apply(actor))
                .chain(TemplateInstance::createUni)
                .map(html -> html(OK, html))
                .onFailure()
                .recoverWithUni(failure -> trouble(actor, failure));
    }

    /// After a form: on to `next`, or the same page again with what was wrong.
    ///
    /// @param again the page with the problem's words
    Uni<RestResponse<String>> form(
            Supplier<Uni<String>> work, Function<String, Uni<TemplateInstance>> again) {
        Actor actor = caller.actor();
        return Uni.createFrom()
                .deferred(work::get)
                .map(Renderer::seeOther)
                .onFailure(Renderer::correctable)
                .recoverWithUni(
                        failure -> {
                            Problem problem = Faults.problem(failure).orElseThrow();
                            return again.apply(words(problem))
                                    .chain(TemplateInstance::createUni)
                                    .map(html -> html(problem.code().status(), html));
                        })
                .onFailure()
                .recoverWithUni(failure -> trouble(actor, failure));
    }

    /// News are never worth an error: a page that cannot be refreshed says so.
    Uni<RestResponse<String>> news(Uni<News> news) {
        return news.onFailure(Faults::outage)
                .recoverWithItem(() -> News.degraded(Words.clock(now())))
                .onFailure()
                .recoverWithItem(News.NONE)
                .chain(found -> Pages.news(found).createUni())
                .map(html -> html(OK, html));
    }

    /// What is wrong, where, and what was expected there.
    private static String words(Problem problem) {
        String where =
                problem.field()
                        .filter(field -> !problem.detail().contains(field))
                        .map(field -> field + ": ")
                        .orElse("");
        String expected =
                problem.expected().map(text -> " (expected: " + text + ")").orElse("");
        return where + problem.detail() + expected;
    }

    private static boolean correctable(Throwable failure) {
        return Faults.problem(failure)
                .filter(problem -> problem.code() != ProblemCode.UNAVAILABLE)
                .filter(problem -> problem.code() != ProblemCode.NOT_FOUND)
                .filter(problem -> problem.code() != ProblemCode.RUN_PRUNED)
                .isPresent();
    }

    private Uni<RestResponse<String>> trouble(Actor actor, Throwable failure) {
        Optional<Problem> problem = Faults.problem(failure);
        if (problem.isEmpty()) {
            LOG.error("A page could not be shown", failure);
        }
        ProblemCode code = problem.map(Problem::code).orElse(ProblemCode.INTERNAL);
        if (code == ProblemCode.RUN_PRUNED) {
            return Pages.pruned(
                            frame(code.title(), "runs", actor, ""),
                            PrunedPage.of(problem.flatMap(Problem::facts).orElseThrow(), now()))
                    .createUni()
                    .map(html -> html(code.status(), html));
        }
        boolean degraded = code == ProblemCode.UNAVAILABLE;
        String detail =
                degraded
                        ? "The store does not answer. Nothing is lost: what was recorded is"
                                + " durable, and runs go on as soon as it is back."
                        : problem.map(Problem::detail).orElse("The error is in the log.");
        return Pages.trouble(
                        frame(code.title(), "", actor, ""),
                        new TroublePage(code.status(), code.title(), detail, degraded, ""))
                .createUni()
                .map(html -> html(code.status(), html));
    }

    private static RestResponse<String> html(int status, String html) {
        return ResponseBuilder.<String>create(status, "")
                .entity(html)
                .type(MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"))
                .build();
    }

    static RestResponse<String> seeOther(String path) {
        return ResponseBuilder.<String>create(SEE_OTHER, "See Other")
                .header(HttpHeaders.LOCATION, URI.create(path))
                .build();
    }
}
