package dev.signalbox.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.signalbox.domain.retention.RetentionRule;
import dev.signalbox.domain.retention.RetentionRules;
import dev.signalbox.domain.retention.RetentionTerms;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.store.Retention;
import dev.signalbox.store.Retention.Round;
import dev.signalbox.support.Journals;
import dev.signalbox.support.Planes;
import dev.signalbox.support.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What operators see of runs that are gone, and who may keep them.
@QuarkusTest
@TestProfile(AloneProfile.class)
class KeptRunsTest {

    private static final String API = "/operator/v1";

    @Inject Stations stations;
    @Inject Retention retention;

    private static ValidatableResponse get(TestTokens caller, String path) {
        return Planes.operator(caller).get(API + path).then();
    }

    private static ValidatableResponse post(TestTokens caller, Journals run, String action) {
        return Planes.operator(caller)
                .contentType(ContentType.JSON)
                .body(Map.of("reason", "case 7"))
                .post(API + "/runs/" + run.id() + "/" + action)
                .then();
    }

    private void prune() {
        RetentionRule rule =
                new RetentionRule(
                        "refund-agent", RunStatus.FAILED, Duration.ZERO, Optional.empty());
        retention
                .prune(
                        new Round(
                                "pruner",
                                Duration.ofSeconds(1),
                                rule,
                                new RetentionRules(Map.of(), RetentionTerms.NONE),
                                Optional.empty(),
                                200))
                .await()
                .indefinitely();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/tree", "/journal", "/state"})
    void a_pruned_run_answers_410_with_its_tombstone(String below) {
        Journals run = stations.failed();
        prune();

        get(TestTokens.VIEWER, "/runs/" + run.id() + below)
                .statusCode(410)
                .contentType("application/problem+json")
                .body("code", equalTo("run_pruned"))
                .body("facts.id", equalTo(run.id().toString()))
                .body("facts.status", equalTo("failed"))
                .body("facts.definition", equalTo("refund-agent"))
                .body("facts.headHash.length()", equalTo(71))
                .body("facts.rule.setBy", equalTo("host"))
                .body("facts.rule.period", equalTo("PT0S"))
                .body("facts.input", nullValue());
        get(TestTokens.OUTSIDER, "/runs/" + run.id() + below)
                .statusCode(404)
                .body("facts", nullValue());
        get(TestTokens.VIEWER, "/tombstones?limit=200")
                .body("items.id", hasItem(run.id().toString()));
        get(TestTokens.OUTSIDER, "/tombstones?limit=200")
                .body("items.id", not(hasItem(run.id().toString())));
    }

    @Test
    void a_command_to_a_pruned_run_is_refused_and_recorded() {
        Journals run = stations.failed();
        prune();

        post(TestTokens.OPERATOR, run, "cancel").statusCode(410);
        post(TestTokens.OPERATOR, run, "legal-hold").statusCode(410);

        get(TestTokens.OPERATOR, "/audit?action=run.legal_hold&limit=1")
                .body("items.refusal", contains("run_pruned"))
                .body("items.target", contains("run " + run.id()));
    }

    @Test
    void a_legal_hold_is_shown_audited_and_wins() {
        Journals run = stations.failed();

        post(TestTokens.OPERATOR, run, "legal-hold")
                .statusCode(200)
                .body("rootRunId", equalTo(run.id().toString()))
                .body("by", equalTo(TestTokens.OPERATOR.caller()))
                .body("reason", equalTo("case 7"));
        prune();

        get(TestTokens.OPERATOR, "/runs/" + run.id())
                .statusCode(200)
                .body("legalHold.by", equalTo(TestTokens.OPERATOR.caller()))
                .body("legalHold.reason", equalTo("case 7"))
                .body("actions", contains("legal-release"));
        get(TestTokens.VIEWER, "/legal-holds")
                .body("items.rootRunId", hasItem(run.id().toString()));
        post(TestTokens.OPERATOR, run, "legal-hold")
                .statusCode(409)
                .body("code", equalTo("illegal_move"));

        post(TestTokens.OPERATOR, run, "legal-release").statusCode(200);
        prune();

        get(TestTokens.VIEWER, "/runs/" + run.id()).statusCode(410);
        get(TestTokens.OPERATOR, "/audit?runId=" + run.id())
                .body(
                        "items.action",
                        contains("run.legal_release", "run.legal_hold", "run.legal_hold"))
                .body("items.refused", contains(false, true, false));
    }

    @Test
    void who_may_not_hold_is_refused_on_the_record_and_not_offered_it() {
        Journals run = stations.failed();

        post(TestTokens.VIEWER, run, "legal-hold").statusCode(403);
        post(TestTokens.OUTSIDER, run, "legal-hold").statusCode(404);
        post(TestTokens.OPERATOR, run, "legal-hold").statusCode(200);
        post(TestTokens.LEAD, run, "legal-release").statusCode(403);

        assertThat(
                        get(TestTokens.VIEWER, "/runs/" + run.id())
                                .extract()
                                .<List<String>>path("actions"))
                .isEmpty();
        get(TestTokens.OPERATOR, "/audit?runId=" + run.id())
                .body("items.refusal", contains("forbidden", null, "forbidden"));
        post(TestTokens.OPERATOR, run, "legal-release").statusCode(200);
    }
}
