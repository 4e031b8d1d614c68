package dev.signalbox.app.auth;

import static dev.signalbox.support.TestTokens.IDLER;
import static dev.signalbox.support.TestTokens.LEAD;
import static dev.signalbox.support.TestTokens.OPERATOR;
import static dev.signalbox.support.TestTokens.STRANGER;
import static dev.signalbox.support.TestTokens.SUBMITTER;
import static dev.signalbox.support.TestTokens.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import dev.signalbox.support.Planes;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;

/// The planes are two trust boundaries: who is known on one is nobody on the other.
@QuarkusTest
class AuthenticationTest {

    private static final String REQUEST = "/v1/test-echo/";
    private static final String OPERATE = "/operator/v1/test-echo/";

    @Test
    void aCallerIsKnownByNamePlaneTenantAndRoles() {
        Response answer = Planes.request(STRANGER).get(REQUEST + "caller");

        answer.then()
                .statusCode(200)
                .body("name", equalTo(STRANGER.caller()))
                .body("plane", equalTo("request"))
                .body("tenant", equalTo("elsewhere"))
                .body("roles", contains("submitter"));
    }

    @Test
    void anOperatorHasTheGroupsThatApprovalsName() {
        Response answer = Planes.operator(LEAD).get(OPERATE + "caller");

        answer.then()
                .statusCode(200)
                .body("plane", equalTo("operator"))
                .body("roles", contains("approver", "support-lead", "viewer"));
    }

    @Test
    void withoutATokenNobodyComesIn() {
        assertUnauthenticated(Planes.anonymous(Planes.requestUri()).get(REQUEST + "caller"));
        assertUnauthenticated(Planes.anonymous(Planes.operatorUri()).get(OPERATE + "caller"));
        assertUnauthenticated(Planes.anonymous(Planes.requestUri()).get("/v1/nowhere"));
        assertUnauthenticated(Planes.anonymous(Planes.requestUri()).get("/openapi"));
    }

    @Test
    void anUnknownTokenIsNoToken() {
        assertUnauthenticated(withHeader("Bearer nonsense"));
        assertUnauthenticated(withHeader("Bearer"));
        assertUnauthenticated(withHeader("Basic " + SUBMITTER.token()));
        assertUnauthenticated(withHeader(SUBMITTER.token()));
    }

    @Test
    void aTokenOfOnePlaneIsUnknownOnTheOther() {
        assertUnauthenticated(
                Planes.anonymous(Planes.operatorUri())
                        .header("Authorization", "Bearer " + SUBMITTER.token())
                        .get(OPERATE + "caller"));
        assertUnauthenticated(withHeader("Bearer " + OPERATOR.token()));
    }

    @Test
    void theWrongRoleIsForbidden() {
        Response request = Planes.request(IDLER).get(REQUEST + "role");
        Response operator = Planes.operator(VIEWER).get(OPERATE + "role");

        request.then().statusCode(403).body("code", equalTo("forbidden"));
        operator.then().statusCode(403).body("code", equalTo("forbidden"));
        assertThat(operator.contentType()).startsWith("application/problem+json");
    }

    @Test
    void theRightRoleIsServed() {
        Response request = Planes.request(SUBMITTER).get(REQUEST + "role");
        Response operator = Planes.operator(LEAD).get(OPERATE + "role");

        assertThat(request.statusCode()).isEqualTo(200);
        assertThat(operator.statusCode()).isEqualTo(200);
    }

    private static Response withHeader(String authorization) {
        return Planes.anonymous(Planes.requestUri())
                .header("Authorization", authorization)
                .get(REQUEST + "caller");
    }

    private static void assertUnauthenticated(Response answer) {
        answer.then()
                .statusCode(401)
                .header("WWW-Authenticate", equalTo("Bearer"))
                .body("code", equalTo("unauthenticated"));
        assertThat(answer.contentType()).startsWith("application/problem+json");
    }
}
