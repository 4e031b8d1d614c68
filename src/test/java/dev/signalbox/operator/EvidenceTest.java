package dev.signalbox.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.signalbox.support.Journals;
import dev.signalbox.support.Planes;
import dev.signalbox.support.TestTokens;
import dev.signalbox.support.TraceReceiver;
import io.opentelemetry.proto.trace.v1.Span;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What journals prove: traces, differences, strict replays.
@QuarkusTest
@TestProfile(AloneProfile.class)
class EvidenceTest {

    private static final String RUNS = "/operator/v1/runs/";
    private static final String DIFF = "/operator/v1/diff?left={left}&right={right}";

    @Inject Stations stations;

    private static ValidatableResponse diff(TestTokens caller, Journals left, Journals right) {
        return Planes.operator(caller)
                .get(DIFF, left.id().toString(), right.id().toString())
                .then();
    }

    private static ValidatableResponse replay(TestTokens caller, String run, String body) {
        return Planes.operator(caller)
                .contentType(ContentType.JSON)
                .body(body)
                .post(RUNS + run + "/replay")
                .then();
    }

    @Test
    void a_trace_is_what_a_receiver_takes() {
        Journals run = stations.waiting();

        String trace =
                Planes.operator(TestTokens.VIEWER)
                        .get(RUNS + run.id() + "/trace")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString();

        try (TraceReceiver receiver = TraceReceiver.start()) {
            RestAssured.given()
                    .contentType("application/json")
                    .body(trace)
                    .post(receiver.traces())
                    .then()
                    .statusCode(200);
            List<Span> spans = receiver.trace("0af7651916cd43dd8448eb211c80319c");
            assertThat(spans)
                    .extracting(Span::getName)
                    .contains(
                            "invoke_agent refund-agent",
                            "chat script",
                            "execute_tool orders.lookup",
                            "signalbox.policy",
                            "signalbox.approval",
                            "signalbox.wait");
            assertThat(TraceReceiver.attribute(spans.getFirst(), "gen_ai.agent.name"))
                    .contains("refund-agent");
        }
        assertThat(trace).doesNotContain("A-120");
    }

    @Test
    void a_diff_says_what_differs_where_and_why() {
        Journals left = stations.completed();
        Journals right = stations.waiting();

        diff(TestTokens.VIEWER, left, right)
                .statusCode(200)
                .body("alignedBy", equalTo("content"))
                .body("cause", equalTo("model"))
                .body("explanation", containsString("the model answered differently"))
                .body("same.status", equalTo(false))
                .body("same.definition", equalTo(true))
                .body("firstDivergence.aspect", equalTo("model_output"))
                .body("firstDivergence.left.evidence.runId", equalTo(left.id().toString()))
                .body("firstDivergence.left.evidence.seq", equalTo(10))
                .body(
                        "firstDivergence.left.evidence.hash",
                        equalTo(left.recorded().journal().get(9).hash().value()))
                .body("firstDivergence.left.values.value.amount", hasItem(20))
                .body("first", hasKey("modelOutput"))
                .body("first", hasKey("decision"))
                .body("rows.size()", greaterThan(3));
    }

    @Test
    void a_run_differs_in_nothing_from_itself() {
        Journals run = stations.completed();

        diff(TestTokens.VIEWER, run, run)
                .body("cause", equalTo("none"))
                .body("firstDivergence", nullValue());
    }

    @Test
    void runs_of_others_are_not_compared_traced_or_replayed() {
        Journals own = stations.completed();
        Journals others = stations.completed("elsewhere");

        diff(TestTokens.OPERATOR, own, others).statusCode(404);
        diff(TestTokens.OUTSIDER, own, others).statusCode(404);
        replay(TestTokens.OPERATOR, others.id().toString(), "{}").statusCode(404);
        Planes.operator(TestTokens.OPERATOR)
                .get(RUNS + others.id() + "/trace")
                .then()
                .statusCode(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?left=&right="})
    void a_diff_needs_two_runs(String query) {
        Planes.operator(TestTokens.VIEWER)
                .get("/operator/v1/diff" + query)
                .then()
                .statusCode(400)
                .body("code", equalTo("invalid_request"));
    }

    @Test
    void a_run_that_would_be_decided_the_same_again_matches_whole() {
        Journals run = stations.completed();

        replay(TestTokens.VIEWER, run.id().toString(), "{}")
                .statusCode(200)
                .body("decisions", greaterThan(7))
                .body("firstDivergence", nullValue())
                .body("definition.name", equalTo("refund-agent"));
    }

    @Test
    void an_end_that_nobody_would_plan_today_is_the_first_divergence() {
        Journals run = stations.failed();

        replay(TestTokens.VIEWER, run.id().toString(), "{\"reason\": \"why did it fail?\"}")
                .statusCode(200)
                .body("firstDivergence", notNullValue())
                .body("firstDivergence.type", equalTo("run_failed"))
                .body("firstDivergence.evidence.seq", equalTo(run.history().size()))
                .body("firstDivergence.planned.size()", equalTo(1));
        Planes.operator(TestTokens.OPERATOR)
                .get("/operator/v1/audit?action=run.replay&runId=" + run.id())
                .then()
                .body("items.refused", contains(false))
                .body("items.reason", hasItems("why did it fail?"));
    }

    @Test
    void what_is_no_version_is_refused_and_the_refusal_recorded() {
        Journals run = stations.completed();

        replay(TestTokens.VIEWER, run.id().toString(), "{\"definitionVersion\": \"99.0.0\"}")
                .statusCode(400)
                .body("code", equalTo("unknown_definition"));
        Planes.operator(TestTokens.OPERATOR)
                .get("/operator/v1/audit?action=run.replay&runId=" + run.id())
                .then()
                .body("items.refused", contains(true));
    }
}
