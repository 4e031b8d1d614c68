package dev.signalbox.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.signalbox.support.Journals;
import dev.signalbox.support.Planes;
import dev.signalbox.support.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(AloneProfile.class)
class BranchesTest {

    @Inject Stations stations;

    private static ValidatableResponse post(
            TestTokens caller, Object run, String path, Object body) {
        return Planes.operator(caller)
                .contentType(ContentType.JSON)
                .body(body)
                .post("/operator/v1/runs/" + run + "/branches" + path)
                .then();
    }

    private static Map<String, Object> body(String... namesAndValues) {
        Map<String, Object> body = new HashMap<>(Map.of("checkpoint", 1, "reason", "try again"));
        for (int index = 0; index < namesAndValues.length; index += 2) {
            body.put(namesAndValues[index], namesAndValues[index + 1]);
        }
        return body;
    }

    @Test
    void the_plan_tells_what_happened_and_what_repeating_it_would_mean() {
        Journals run = stations.completed();

        post(TestTokens.VIEWER, run.id(), "/plan", Map.of("checkpoint", 1))
                .statusCode(200)
                .body("runId", equalTo(run.id().toString()))
                .body("checkpoint.seq", equalTo(1))
                .body("definition", equalTo("refund-agent"))
                .body("effects.tool", contains("orders.lookup", "payments.refund"))
                .body("effects[0].hazard", equalTo("none"))
                .body("effects[1].hazard", equalTo("happened"))
                .body("effects[1].hazardDetail", containsString("twice"))
                .body("effects[1].outcome", equalTo("completed"))
                .body("effects[1].arguments.amount", equalTo(20))
                .body("effects[1].result.paid", equalTo(20))
                .body("effects[1].choices", contains("reuse", "simulate", "rerun", "ask"))
                .body("effects[1].byDefault", equalTo("reuse"))
                .body("acknowledge", empty());
    }

    @Test
    void a_branch_is_a_run_of_its_own_and_leaves_a_record() {
        Journals run = stations.completed();

        ValidatableResponse made =
                post(TestTokens.OPERATOR, run.id(), "", body())
                        .statusCode(202)
                        .header("Location", containsString("/operator/v1/runs/"))
                        .body("status", equalTo("queued"))
                        .body("branchedFrom.runId", equalTo(run.id().toString()))
                        .body("branchedFrom.seq", equalTo(1))
                        .body("input.orderId", equalTo("A-120"));

        String branch = made.extract().path("id");
        assertThat(branch).isNotEqualTo(run.id().toString());
        Planes.operator(TestTokens.OPERATOR)
                .get("/operator/v1/audit?runId=" + run.id())
                .then()
                .body("items.action", hasItem("run.branch"))
                .body("items[0].detail.branchId", equalTo(branch))
                .body("items[0].reason", equalTo("try again"));
        Planes.operator(TestTokens.OPERATOR)
                .get("/operator/v1/runs/" + run.id())
                .then()
                .body("headSeq", equalTo(run.history().size()));
    }

    @Test
    void what_would_happen_twice_has_to_be_acknowledged() {
        Journals run = stations.completed();
        String refund = run.call().value();
        Map<String, Object> body = body();
        body.put("effects", Map.of(refund, "rerun"));

        post(TestTokens.OPERATOR, run.id(), "", body)
                .statusCode(409)
                .contentType("application/problem+json")
                .body("code", equalTo("hazard_not_acknowledged"))
                .body("detail", containsString(refund))
                .body("plan.acknowledge", contains(refund))
                .body("plan.effects[1].choice", equalTo("rerun"));
        body.put("acknowledge", List.of(refund));
        post(TestTokens.OPERATOR, run.id(), "", body).statusCode(202);
    }

    @Test
    void only_operators_make_branches_and_of_their_own_tenants_runs() {
        Journals run = stations.completed();

        post(TestTokens.VIEWER, run.id(), "", body()).statusCode(403);
        post(TestTokens.OUTSIDER, run.id(), "", body()).statusCode(404);
        post(TestTokens.OUTSIDER, run.id(), "/plan", body()).statusCode(404);
        Planes.operator(TestTokens.OPERATOR)
                .get("/operator/v1/audit?runId=" + run.id())
                .then()
                .body("items.refusal", contains("forbidden"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"reason\": \"r\"} | checkpoint",
                "{\"checkpoint\": 0, \"reason\": \"r\"} | checkpoint",
                "{\"checkpoint\": 2, \"reason\": \"r\"} | checkpoint",
                "{\"checkpoint\": 1} | reason",
                "{\"checkpoint\": 1, \"reason\": \"r\", \"effects\": {\"x\": \"reuse\"}} | effects",
                "{\"checkpoint\": 1, \"reason\": \"r\", \"effects\": {\"CALL\": \"burn\"}} |"
                        + " effects.CALL",
                "{\"checkpoint\": 1, \"reason\": \"r\", \"effects\": {\"CALL\": null}} |"
                        + " effects.CALL",
                "{\"checkpoint\": 1, \"reason\": \"r\", \"results\": {\"x\": 1}} | results",
                "{\"checkpoint\": 1, \"reason\": \"r\", \"definitionVersion\": \"9\"} |"
                        + " definitionVersion",
                "{\"checkpoint\": 1, \"reason\": \"r\", \"input\": {}} | input",
                "{\"checkpoint\": 1, \"reason\": \"r\", \"inputs\": {}} | inputs",
                "{\"checkpoint\": \"one\", \"reason\": \"r\"} | checkpoint"
            })
    void a_request_that_is_wrong_is_told_where(String body, String field) {
        Journals run = stations.completed();

        post(TestTokens.OPERATOR, run.id(), "", body.replace("CALL", run.call().value()))
                .statusCode(400)
                .contentType("application/problem+json")
                .body("field", equalTo(field.replace("CALL", run.call().value())));
    }

    @Test
    void nothing_is_not_a_plan() {
        Journals run = stations.completed();

        post(TestTokens.OPERATOR, run.id(), "/plan", "null").statusCode(400);
        post(TestTokens.OPERATOR, run.id(), "/plan", "[]").statusCode(400);
        post(TestTokens.OPERATOR, "not-a-run", "/plan", body()).statusCode(404);
    }
}
