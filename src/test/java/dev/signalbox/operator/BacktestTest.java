package dev.signalbox.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.signalbox.support.Journals;
import dev.signalbox.support.Planes;
import dev.signalbox.support.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A policy is tried on recorded history.
@QuarkusTest
@TestProfile(AloneProfile.class)
class BacktestTest {

    /// Looks at one run alone: tests share the store.
    private static Map<String, String> of(Journals run, String policy) {
        Map<String, String> body = new HashMap<>();
        body.put("policy", policy);
        body.put("since", run.history().getFirst().at().toString());
        body.put("until", run.history().getFirst().at().plusNanos(1000).toString());
        return body;
    }

    private static ValidatableResponse backtest(TestTokens caller, Object body) {
        return Planes.operator(caller)
                .contentType(ContentType.JSON)
                .body(body)
                .post("/operator/v1/policies/backtest")
                .then();
    }

    private static final String STRICT =
            """
            kind: policy
            name: support
            default: deny
            allow: ["orders.*"]
            rules:
              - id: never-much
                when: "tool.name == 'payments.refund' && args.amount > 100.0"
                then: deny
              - id: every-refund
                when: "tool.sideEffect == 'external_write'"
                then: require_approval
                approval: {approvers: ["role:support-lead"]}
            """;

    @Inject Stations stations;

    @Test
    void an_approval_that_would_have_been_refused_is_found_with_its_call() {
        Journals run = stations.waiting();

        backtest(TestTokens.VIEWER, of(run, STRICT))
                .statusCode(200)
                .body("policy", equalTo("support"))
                .body("against", equalTo("support"))
                .body("runs", equalTo(1))
                .body("atLeast", equalTo(false))
                .body("decisions", equalTo(2))
                .body("flips", equalTo(1))
                .body("changes[0].from", equalTo("require_approval"))
                .body("changes[0].to", equalTo("deny"))
                .body("byRule.name", contains("never-much"))
                .body("byTool.name", contains("payments.refund"))
                .body("byDefinition[0].name", containsString("refund-agent"))
                .body("examples[0].runId", equalTo(run.id().toString()))
                .body("examples[0].arguments.amount", equalTo(120))
                .body("examples[0].ruleBefore", equalTo("big-refund"))
                .body("examples[0].reason", containsString("never-much"))
                .body("waiting.more", equalTo(0))
                .body("waiting.fewer", equalTo(1))
                .body("waiting.medianWait", nullValue());
    }

    @Test
    void a_call_that_went_out_and_would_have_waited_costs_people_time() {
        Journals run = stations.completed();

        backtest(TestTokens.VIEWER, of(run, STRICT))
                .statusCode(200)
                .body("flips", equalTo(1))
                .body("changes[0].from", equalTo("allow"))
                .body("changes[0].to", equalTo("require_approval"))
                .body("waiting.more", equalTo(1))
                .body("waiting.fewer", equalTo(0));
    }

    @Test
    void the_same_policy_flips_nothing_and_another_has_nothing_to_decide() {
        Journals run = stations.waiting();
        String same =
                """
                kind: policy
                name: support
                default: deny
                allow: ["orders.*"]
                rules:
                  - id: other-name
                    when: "args.amount > 50.0"
                    then: require_approval
                    approval: {approvers: ["role:support-lead"]}
                """;

        backtest(
                        TestTokens.VIEWER,
                        of(run, same.replace("args.amount", "size(args) > 1 && args.amount")))
                .statusCode(200)
                .body("decisions", equalTo(2))
                .body("flips", equalTo(0))
                .body("examples", empty());
        backtest(TestTokens.VIEWER, of(run, "kind: policy\nname: brand-new\ndefault: deny\n"))
                .statusCode(200)
                .body("decisions", equalTo(0));
        Map<String, String> against = of(run, "kind: policy\nname: brand-new\ndefault: deny\n");
        against.put("against", "support");
        backtest(TestTokens.VIEWER, against)
                .statusCode(200)
                .body("decisions", equalTo(2))
                .body("flips", equalTo(2));
    }

    @Test
    void nothing_is_changed_and_other_tenants_see_nothing() {
        Journals run = stations.waiting();
        String path = "/operator/v1/runs/" + run.id();
        int before = Planes.operator(TestTokens.VIEWER).get(path).path("headSeq");

        backtest(TestTokens.OUTSIDER, of(run, STRICT)).statusCode(200).body("runs", equalTo(0));

        int after = Planes.operator(TestTokens.VIEWER).get(path).path("headSeq");
        assertThat(after).isEqualTo(before);
    }

    @Test
    void what_is_no_policy_is_refused_with_its_line() {
        backtest(TestTokens.VIEWER, Map.of("policy", "kind: policy\nname: x\nrulez: []\n"))
                .statusCode(400)
                .body("code", equalTo("invalid_definition"))
                .body("field", equalTo("policy:3"));
        backtest(TestTokens.VIEWER, Map.of("policy", "")).statusCode(400);
        backtest(TestTokens.VIEWER, Map.of()).statusCode(400).body("field", equalTo("policy"));
        backtest(TestTokens.VIEWER, Map.of("policy", STRICT, "since", "yesterday"))
                .statusCode(400)
                .body("field", equalTo("since"));
        backtest(
                        TestTokens.VIEWER,
                        Map.of("policy", STRICT + "---\n" + STRICT.replace("support", "b")))
                .statusCode(400);
    }
}
