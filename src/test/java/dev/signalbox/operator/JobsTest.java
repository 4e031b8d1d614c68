package dev.signalbox.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.signalbox.support.Planes;
import dev.signalbox.support.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Jobs on the operator plane, while no scheduler is there.
@QuarkusTest
@TestProfile(AloneProfile.class)
class JobsTest {

    private static final String API = "/operator/v1";
    private static final Map<String, String> BECAUSE = Map.of("reason", "the test says so");

    private static ValidatableResponse get(TestTokens caller, String path) {
        return Planes.operator(caller).get(API + path).then();
    }

    private static ValidatableResponse post(TestTokens caller, String path, Object body) {
        return Planes.operator(caller)
                .contentType(ContentType.JSON)
                .body(body)
                .post(API + path)
                .then();
    }

    private static ValidatableResponse put(TestTokens caller, String name, String body) {
        return Planes.operator(caller)
                .contentType(ContentType.JSON)
                .body(body)
                .put(API + "/jobs/" + name)
                .then();
    }

    private static String job(String name) {
        put(
                        TestTokens.OPERATOR,
                        name,
                        """
                        {"schedule": {"cron": "0 2 * * *", "timeZone": "Europe/Lisbon"},
                         "run": {"workflow": "refund-workflow",
                                 "input": {"orderId": "A-120", "amount": 20}},
                         "reason": "every night"}
                        """)
                .statusCode(200);
        return name;
    }

    private static List<String> audited(String name) {
        return get(TestTokens.OPERATOR, "/audit?limit=200")
                .statusCode(200)
                .extract()
                .path(
                        "items.findAll { it.target == 'job "
                                + name
                                + "' }.collect { it.action + (it.refused ? ' ' + it.refusal : '')"
                                + " }");
    }

    @Test
    void a_job_is_applied_listed_and_shown_with_its_next_times() {
        String name = job("applied");

        get(TestTokens.VIEWER, "/jobs?limit=200")
                .statusCode(200)
                .body("items.name", hasItem("applied"))
                .body("nextCursor", nullValue());
        get(TestTokens.OPERATOR, "/jobs/" + name)
                .statusCode(200)
                .body("name", equalTo("applied"))
                .body("status", equalTo("active"))
                .body("definition", equalTo("refund-workflow"))
                .body("origin", equalTo("operator"))
                .body("document.schedule.timeZone", equalTo("Europe/Lisbon"))
                .body("document.overlap", equalTo("skip"))
                .body("nextFiring", notNullValue())
                .body("upcoming", hasSize(5))
                .body("lastFiring", nullValue())
                .body("actions", contains("pause", "trigger", "backfill"));
        get(TestTokens.VIEWER, "/jobs/" + name).body("actions", empty());
        assertThat(audited(name)).containsExactly("job.apply");
    }

    @Test
    void a_job_is_paused_and_resumed_once_each() {
        String name = job("paused");

        post(TestTokens.OPERATOR, "/jobs/paused/pause", BECAUSE).statusCode(202);
        post(TestTokens.OPERATOR, "/jobs/paused/pause", BECAUSE)
                .statusCode(409)
                .body("code", equalTo("illegal_move"));
        get(TestTokens.OPERATOR, "/jobs/paused")
                .body("status", equalTo("paused"))
                .body("nextFiring", nullValue())
                .body("upcoming", empty())
                .body("actions", contains("resume", "trigger", "backfill"));
        post(TestTokens.OPERATOR, "/jobs/paused/resume", BECAUSE).statusCode(202);
        get(TestTokens.OPERATOR, "/jobs/paused")
                .body("status", equalTo("active"))
                .body("nextFiring", notNullValue());

        assertThat(audited(name))
                .containsExactly("job.resume", "job.pause illegal_move", "job.pause", "job.apply");
    }

    @Test
    void a_trigger_and_a_backfill_wait_in_the_history_for_a_scheduler() {
        job("asked");

        post(TestTokens.OPERATOR, "/jobs/asked/trigger", BECAUSE)
                .statusCode(202)
                .body("firings", equalTo(1));
        Map<String, String> range =
                Map.of(
                        "from", "2026-03-28T00:00:00Z",
                        "until", "2026-03-31T00:00:00Z",
                        "reason", "the week in which the clocks changed");
        post(TestTokens.OPERATOR, "/jobs/asked/backfill", range)
                .statusCode(202)
                .body("firings", equalTo(3));
        post(TestTokens.OPERATOR, "/jobs/asked/backfill", range)
                .statusCode(202)
                .body("firings", equalTo(0));

        get(TestTokens.VIEWER, "/jobs/asked/firings?limit=4")
                .statusCode(200)
                .body("items.cause", contains("trigger", "backfill", "backfill", "backfill"))
                .body(
                        "items[1..3].scheduledAt",
                        contains(
                                "2026-03-30T01:00:00Z",
                                "2026-03-29T01:00:00Z",
                                "2026-03-28T02:00:00Z"))
                .body("items[0].status", equalTo("waiting"))
                .body("items[0].runId", nullValue())
                .body("nextCursor", nullValue());
        get(TestTokens.VIEWER, "/jobs/asked").body("waiting", equalTo(4));
    }

    @Test
    void a_backfill_says_what_is_wrong_with_its_range() {
        job("ranges");

        post(
                        TestTokens.OPERATOR,
                        "/jobs/ranges/backfill",
                        Map.of("from", "2026-03-28T00:00:00Z", "reason", "r"))
                .statusCode(400)
                .body("field", equalTo("until"));
        post(
                        TestTokens.OPERATOR,
                        "/jobs/ranges/backfill",
                        Map.of(
                                "from", "2026-03-28T00:00:00Z",
                                "until", "2126-03-28T00:00:00Z",
                                "reason", "r"))
                .statusCode(400)
                .body("field", equalTo("until"));
        post(
                        TestTokens.OPERATOR,
                        "/jobs/ranges/backfill",
                        Map.of(
                                "from", "2016-03-28T00:00:00Z",
                                "until", "2026-03-28T00:00:00Z",
                                "reason", "r"))
                .statusCode(400)
                .body("detail", containsString("1000"));
    }

    @Test
    void only_operators_command_and_every_refusal_is_recorded() {
        String name = job("guarded");

        post(TestTokens.VIEWER, "/jobs/guarded/pause", BECAUSE).statusCode(403);
        post(TestTokens.OPERATOR, "/jobs/guarded/pause", Map.of())
                .statusCode(400)
                .body("field", equalTo("reason"));
        put(TestTokens.VIEWER, name, "{\"reason\": \"r\"}").statusCode(403);

        get(TestTokens.VIEWER, "/jobs/guarded").body("status", equalTo("active"));
        assertThat(audited(name))
                .containsExactly(
                        "job.apply forbidden",
                        "job.pause invalid_request",
                        "job.pause forbidden",
                        "job.apply");
    }

    @Test
    void a_wrong_document_is_refused_with_the_field() {
        put(
                        TestTokens.OPERATOR,
                        "wrong",
                        "{\"schedule\": {\"cron\": \"0 25 * * *\"}, \"run\":"
                                + " {\"workflow\": \"refund-workflow\"}, \"reason\": \"r\"}")
                .statusCode(400)
                .body("code", equalTo("invalid_definition"))
                .body("detail", containsString("job.schedule.cron"));
        put(
                        TestTokens.OPERATOR,
                        "wrong",
                        "{\"schedule\": {\"every\": \"PT1H\"}, \"run\":"
                                + " {\"agent\": \"nobody\"}, \"reason\": \"r\"}")
                .statusCode(400)
                .body("code", equalTo("unknown_definition"));
        put(
                        TestTokens.OPERATOR,
                        "wrong",
                        "{\"schedule\": {\"every\": \"PT1H\"}, \"run\":"
                                + " {\"workflow\": \"refund-workflow\"}, \"reason\": \"r\"}")
                .statusCode(400)
                .body("code", equalTo("invalid_input"))
                .body("field", equalTo("run.input"));
        put(TestTokens.OPERATOR, "wrong", "{\"name\": \"other\", \"reason\": \"r\"}")
                .statusCode(400)
                .body("field", equalTo("name"));
        get(TestTokens.OPERATOR, "/jobs/wrong").statusCode(404);
    }

    @Test
    void a_job_of_another_tenant_is_not_there() {
        job("ours");

        get(TestTokens.OUTSIDER, "/jobs/ours").statusCode(404);
        get(TestTokens.OUTSIDER, "/jobs/ours/firings").statusCode(404);
        post(TestTokens.OUTSIDER, "/jobs/ours/pause", BECAUSE).statusCode(404);
    }
}
