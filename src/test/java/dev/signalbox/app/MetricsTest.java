package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.signalbox.support.AmqpPeer;
import dev.signalbox.support.Desk;
import dev.signalbox.support.Planes;
import dev.signalbox.support.Scrape;
import dev.signalbox.support.ShopForTests;
import dev.signalbox.support.TestServices;
import dev.signalbox.support.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What an operator's dashboard reads after agents have run, over the real store and queue.
@QuarkusTest
@TestProfile(MetricsTest.WithShop.class)
class MetricsTest {

    /// The whole application, whose backlog is counted often.
    public static final class WithShop implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("signalbox.metrics.backlog", "PT1S");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(ShopForTests.class));
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String AGENT = "definition=refund-agent";

    private Scrape before;

    @BeforeEach
    void readBefore() {
        before = Scrape.now();
    }

    @Test
    void aRunThatCompletesAloneIsCountedFromSubmissionToEnd() {
        assertThat(submit(20, UUID.randomUUID().toString()).getString("status"))
                .isEqualTo("completed");

        Scrape after = Scrape.now();

        assertGrown(1, after, "signalbox_runs_submitted_total", AGENT);
        assertGrown(1, after, "signalbox_runs_start_delay_seconds_count");
        assertGrown(1, after, "signalbox_runs_settled_total", AGENT, "status=completed");
        assertGrown(1, after, "signalbox_runs_duration_seconds_count", "status=completed");
        assertGrown(
                1,
                after,
                "signalbox_tool_calls_seconds_count",
                "tool=payments.refund",
                "outcome=succeeded");
        assertGrown(
                1, after, "signalbox_policy_decisions_total", "rule=small-refund", "verdict=allow");
        assertGrown(1, after, "signalbox_verifications_total", AGENT, "outcome=passed");
        assertGrown(
                3,
                after,
                "gen_ai_client_operation_duration_seconds_count",
                "gen_ai_operation_name=chat",
                "gen_ai_provider_name=scripted");
        assertGrown(
                3,
                after,
                "gen_ai_client_token_usage_count",
                "gen_ai_provider_name=scripted",
                "gen_ai_token_type=input");
        assertThat(grown(after, "signalbox_journal_commits_seconds_count", "outcome=committed"))
                .isPositive();
        assertThat(grown(after, "signalbox_journal_events_sum")).isGreaterThan(10);
        assertThat(grown(after, "signalbox_claims_seconds_count", "outcome=claimed")).isPositive();
        assertThat(grown(after, "signalbox_wakeups_handed_over_total")).isPositive();
        assertThat(after.one("signalbox_sessions_active")).isPresent();
    }

    @Test
    void aRunThatWaitsForAPersonIsCountedUntilThePersonHasDecided() {
        String id = submit(120, UUID.randomUUID().toString()).getString("id");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(Scrape.now().sum("signalbox_approvals_pending"))
                                        .isPositive());
        assertGrown(1, Scrape.now(), "signalbox_runs_waiting_total", "kind=approval");
        assertGrown(1, Scrape.now(), "signalbox_approvals_requested_total", "tool=payments.refund");

        approve(id);
        await().atMost(PATIENCE).until(() -> status(id).equals("completed"));

        Scrape after = Scrape.now();
        assertGrown(1, after, "signalbox_approvals_decisions_total", "choice=approve");
        assertGrown(
                1, after, "signalbox_approvals_decision_time_seconds_count", "outcome=approved");
        assertGrown(1, after, "signalbox_approvals_resolved_total", "outcome=approved");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            assertThat(Scrape.now().one("signalbox_approvals_pending")).hasValue(0);
                            assertThat(Scrape.now().one("signalbox_approvals_pending_age_seconds"))
                                    .hasValue(0);
                        });
    }

    @Test
    void aCommandAndARepeatedSubmissionAreCounted() {
        String key = UUID.randomUUID().toString();
        String id = submit(120, key).getString("id");

        assertThat(submit(120, key).getString("id")).isEqualTo(id);
        Planes.operator(TestTokens.OPERATOR)
                .contentType("application/json")
                .body("{\"reason\": \"not needed any more\"}")
                .post("/operator/v1/runs/" + id + "/cancel")
                .then()
                .statusCode(202);
        await().atMost(PATIENCE).until(() -> status(id).equals("cancelled"));

        Scrape after = Scrape.now();
        assertGrown(1, after, "signalbox_runs_repeated_total", "outcome=existing");
        assertGrown(1, after, "signalbox_commands_total", "command=cancel");
        assertGrown(1, after, "signalbox_runs_settled_total", AGENT, "status=cancelled");
    }

    @Test
    void requestsOffTheQueueAreCountedWithWhatBecameOfThem() {
        try (AmqpPeer peer = new AmqpPeer(TestServices.amqpPort())) {
            peer.send(
                    "signalbox.run-requests",
                    AmqpPeer.message("application/octet-stream", "garbage", Map.of()));
            peer.send(
                    "signalbox.run-requests",
                    AmqpPeer.message("application/cloudevents+json", event(), Map.of()));

            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> {
                                Scrape after = Scrape.now();
                                assertGrown(
                                        1,
                                        after,
                                        "signalbox_intake_requests_total",
                                        "outcome=dead_lettered",
                                        "code=invalid_request");
                                assertGrown(
                                        1,
                                        after,
                                        "signalbox_intake_requests_total",
                                        "outcome=accepted");
                            });
        }
    }

    @Test
    void noMetricHoldsAnIdOrASecret() {
        JsonPath run = submit(20, "key-that-is-nobodys-business");

        String text = Scrape.now().text();

        assertThat(text)
                .doesNotContain(run.getString("id"), run.getString("traceId"))
                .doesNotContain("key-that-is-nobodys-business", "payments-token-of-the-test")
                .doesNotContain(TestTokens.SUBMITTER.token(), TestTokens.SUBMITTER.caller())
                .doesNotContain("A-20");
    }

    private void assertGrown(double by, Scrape after, String name, String... labels) {
        assertThat(grown(after, name, labels))
                .as(() -> name + " in\n" + after.like(name))
                .isEqualTo(by);
    }

    private double grown(Scrape after, String name, String... labels) {
        return after.sum(name, labels) - before.sum(name, labels);
    }

    private static JsonPath submit(int amount, String key) {
        Response response =
                Planes.request(TestTokens.SUBMITTER)
                        .header("Prefer", "wait=30")
                        .header("Idempotency-Key", key)
                        .contentType("application/json")
                        .body(Desk.body("refund-agent", "A-" + amount, amount))
                        .post("/v1/runs");
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(202);
        return response.jsonPath();
    }

    private static String status(String id) {
        return Planes.request(TestTokens.SUBMITTER)
                .get("/v1/runs/" + id)
                .jsonPath()
                .getString("status");
    }

    private static void approve(String runId) {
        JsonPath approvals =
                Planes.operator(TestTokens.OPERATOR)
                        .get("/operator/v1/approvals?status=pending&limit=200")
                        .jsonPath();
        Map<String, Object> approval =
                approvals.param("run", runId).getMap("items.find { it.runId == run }");
        Planes.operator(TestTokens.OPERATOR)
                .contentType("application/json")
                .body(
                        """
                        {"decision": "approve", "callDigest": "%s", "reason": "as agreed"}\
                        """
                                .formatted(approval.get("callDigest")))
                .post("/operator/v1/approvals/" + approval.get("id") + "/decisions")
                .then()
                .statusCode(200)
                .body("status", equalTo("approved"));
    }

    private static String event() {
        return """
        {"specversion": "1.0", "id": "%s", "source": "/shop", "type": "dev.signalbox.run.requested",
         "datacontenttype": "application/json", "data": %s}\
        """
                .formatted(UUID.randomUUID(), Desk.body("refund-agent", "A-21", 21));
    }
}
