package dev.signalbox.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.signalbox.domain.retention.RetentionRule;
import dev.signalbox.domain.retention.RetentionRules;
import dev.signalbox.domain.retention.RetentionTerms;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.store.Retention;
import dev.signalbox.store.Retention.Round;
import dev.signalbox.support.Planes;
import dev.signalbox.support.RequestPlaneOnly;
import dev.signalbox.support.StoredRuns;
import dev.signalbox.support.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Whoever asked for a run that is gone by now is told so, and a late repetition starts nothing.
@QuarkusTest
@TestProfile(RequestPlaneOnly.class)
class PrunedRunTest {

    @Inject StoredRuns stored;
    @Inject Retention retention;
    private final String definition = "pruned-" + UUID.randomUUID();

    private ValidatableResponse submit(int number) {
        return Planes.request(TestTokens.SUBMITTER)
                .contentType(ContentType.JSON)
                .header("Idempotency-Key", definition)
                .body(Map.of("definition", definition, "input", Map.of("n", number)))
                .post("/v1/runs")
                .then();
    }

    private static ValidatableResponse get(TestTokens caller, String path) {
        return Planes.request(caller).get("/v1/runs/" + path).then();
    }

    @Test
    void a_pruned_run_is_gone_and_its_key_starts_no_other() throws InterruptedException {
        stored.define(definition, "{}");
        String run = submit(1).statusCode(202).extract().path("id");
        stored.complete(run, "{}");
        Thread.sleep(50);
        retention
                .prune(
                        new Round(
                                "pruner",
                                Duration.ofMillis(1),
                                new RetentionRule(
                                        definition,
                                        RunStatus.COMPLETED,
                                        Duration.ZERO,
                                        Optional.empty()),
                                new RetentionRules(Map.of(), RetentionTerms.NONE),
                                Optional.empty(),
                                10))
                .await()
                .indefinitely();

        get(TestTokens.SUBMITTER, run)
                .statusCode(410)
                .body("code", equalTo("run_pruned"))
                .body("facts.id", equalTo(run))
                .body("facts.headSeq", equalTo(3));
        get(TestTokens.SUBMITTER, run + "/events").statusCode(410);
        get(TestTokens.STRANGER, run).statusCode(404);
        submit(1).statusCode(410).body("facts.id", equalTo(run));
        submit(2).statusCode(409).body("code", equalTo("idempotency_conflict"));
        assertThat(stored.count(definition)).isZero();
    }
}
