package dev.signalbox.app.auth;

import static dev.signalbox.support.TestTokens.OPERATOR;
import static dev.signalbox.support.TestTokens.SUBMITTER;
import static dev.signalbox.support.TestTokens.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.signalbox.support.Planes;
import dev.signalbox.support.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.Cookie;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The way into the console for people with browsers, and what other sites cannot do with it.
@QuarkusTest
class ConsoleDoorTest {

    private static final String COOKIE = "signalbox-session";
    private static final String CALLER = "/operator/v1/test-echo/caller";
    private static final String COMMAND = "/operator/v1/test-echo/command";

    @Test
    void aBrowserIsShownTheWayIn() {
        Response answer = browser().get("/console/runs/1?tab=journal");

        answer.then()
                .statusCode(303)
                .header("Location", "/login?next=%2Fconsole%2Fruns%2F1%3Ftab%3Djournal");
    }

    @Test
    void aProgramIsToldWhatIsMissing() {
        Response answer = Planes.anonymous(Planes.operatorUri()).get("/console/runs");

        answer.then().statusCode(401).body("code", equalTo("unauthenticated"));
    }

    @Test
    void aTokenOpensASession() {
        Response entered = enter(VIEWER, "/console/runs");

        Cookie session = entered.detailedCookie(COOKIE);
        assertThat(entered.statusCode()).isEqualTo(303);
        assertThat(entered.header("Location")).isEqualTo("/console/runs");
        assertThat(session.isHttpOnly()).isTrue();
        assertThat(session.getSameSite()).isEqualToIgnoringCase("strict");
        assertThat(session.getMaxAge()).isEqualTo(ConsoleSessions.LIFETIME.toSeconds());
        assertThat(session.getValue()).doesNotContain(VIEWER.token());
        Planes.anonymous(Planes.operatorUri())
                .cookie(COOKIE, session.getValue())
                .get(CALLER)
                .then()
                .statusCode(200)
                .body("name", equalTo(VIEWER.caller()));
    }

    @Test
    void aTokenOfTheRequestPlaneOpensNothing() {
        Response answer = enter(SUBMITTER, "/");

        answer.then().statusCode(401).body(containsString("not known on the operator plane"));
        assertThat(answer.detailedCookie(COOKIE)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//elsewhere.example",
                "/\\elsewhere.example",
                "https://elsewhere.example",
                "javascript:alert(1)",
                "/ok\r\nX-Injected: yes",
                ""
            })
    void theWayInLeadsNowhereElse(String next) {
        Response answer = enter(VIEWER, next);

        assertThat(answer.header("Location")).isEqualTo("/");
        assertThat(answer.header("X-Injected")).isNull();
    }

    @Test
    void thePageIsNoPlaceForOthersMarkup() {
        Response answer = browser().queryParam("next", "/\"><b>x</b>").get("/login");

        answer.then().statusCode(200);
        assertThat(answer.asString()).doesNotContain("<b>x</b>");
    }

    @Test
    void aForgedSessionIsNoSession() {
        String genuine = session(OPERATOR);
        char last = genuine.charAt(genuine.length() - 2);
        String forged =
                genuine.substring(0, genuine.length() - 2) + (last == 'A' ? 'B' : 'A') + "A";

        Response answer = Planes.anonymous(Planes.operatorUri()).cookie(COOKIE, forged).get(CALLER);

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void aSessionIsNothingOnTheRequestPlane() {
        Response answer =
                Planes.anonymous(Planes.requestUri())
                        .cookie(COOKIE, session(OPERATOR))
                        .get("/v1/test-echo/caller");

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void anotherSiteCannotUseTheSession() {
        RequestSpecification own = command().header("Origin", Planes.operatorUri().toString());
        RequestSpecification crossSite = command().header("Sec-Fetch-Site", "cross-site");
        RequestSpecification sameSite = command().header("Sec-Fetch-Site", "same-site");
        RequestSpecification otherOrigin = command().header("Origin", "https://elsewhere.example");
        RequestSpecification otherPort = command().header("Origin", Planes.requestUri().toString());
        RequestSpecification sandboxed = command().header("Origin", "null");

        assertThat(own.post(COMMAND).statusCode()).isEqualTo(200);
        assertThat(crossSite.post(COMMAND).statusCode()).isEqualTo(403);
        assertThat(sameSite.post(COMMAND).statusCode()).isEqualTo(403);
        assertThat(otherOrigin.post(COMMAND).statusCode()).isEqualTo(403);
        assertThat(otherPort.post(COMMAND).statusCode()).isEqualTo(403);
        assertThat(sandboxed.post(COMMAND).statusCode()).isEqualTo(403);
    }

    @Test
    void leavingEndsTheSession() {
        Response left = browser().cookie(COOKIE, session(VIEWER)).post("/logout");

        assertThat(left.statusCode()).isEqualTo(303);
        assertThat(left.detailedCookie(COOKIE).getMaxAge()).isZero();
        assertThat(left.detailedCookie(COOKIE).getValue()).isEmpty();
    }

    private static RequestSpecification command() {
        return Planes.anonymous(Planes.operatorUri()).cookie(COOKIE, session(OPERATOR));
    }

    private static String session(TestTokens operator) {
        return enter(operator, "/").cookie(COOKIE);
    }

    private static Response enter(TestTokens caller, String next) {
        return browser().formParam("token", caller.token()).formParam("next", next).post("/login");
    }

    private static RequestSpecification browser() {
        return Planes.anonymous(Planes.operatorUri())
                .header("Accept", "text/html,application/xhtml+xml");
    }
}
