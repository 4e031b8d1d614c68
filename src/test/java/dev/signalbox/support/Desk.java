package dev.signalbox.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signalbox.app.embedded.ExampleServices;
import dev.signalbox.support.Caller.Answer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// One Signalbox process and the shop that its agents work for. The shop lives in the test's JVM:
/// it
/// and its ledger survive whatever is done to the process.
public final class Desk implements AutoCloseable {

    public static final String PAYMENTS_TOKEN = "payments-token-that-nobody-may-see-4711";

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Set<String> SETTLED =
            Set.of("completed", "failed", "cancelled", "waiting", "held");

    private final ExampleServices shop;
    private final Caller ledger;
    private final SignalboxProcess process;

    private Desk(Path home) {
        shop =
                ExampleServices.start(
                        home.resolve("shop"), 0, PAYMENTS_TOKEN, InstantSource.system());
        ledger = new Caller(URI.create(shop.url()), Optional.empty());
        process = worker(home.resolve("data"));
    }

    /// A desk whose process is not started yet.
    public static Desk in(String name) {
        Path home = TestServices.directory(name);
        home.resolve("shop").toFile().mkdirs();
        return new Desk(home);
    }

    /// Another process for the same shop.
    public SignalboxProcess worker(Path data) {
        return new SignalboxProcess(data)
                .with("ORDERS_URL", shop.url())
                .with("PAYMENTS_URL", shop.url())
                .with("SIGNALBOX_AUTH_BINDINGS__PAYMENTS_TOKEN_", PAYMENTS_TOKEN)
                .with("SIGNALBOX_RUNTIME_LEASE", "PT5S")
                .with("SIGNALBOX_RUNTIME_RENEW", "PT1S");
    }

    public SignalboxProcess process() {
        return process;
    }

    public Caller submitter() {
        return Caller.submitter(process);
    }

    public Caller operator() {
        return Caller.operator(process);
    }

    public static String body(String definition, String orderId, int amount) {
        return """
        {"definition": "%s", "input": {"orderId": "%s", "amount": %d}}"""
                .formatted(definition, orderId, amount);
    }

    /// Submits and answers the run's id.
    public String submit(String definition, String orderId, int amount) {
        Answer answer = submitter().post("/v1/runs", body(definition, orderId, amount));
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.at("/id");
    }

    public JsonNode run(String id) {
        Answer answer = submitter().get("/v1/runs/" + id);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    /// Waits until the run has one of the statuses that do not change by themselves.
    public JsonNode settled(String id) {
        return when(id, run -> SETTLED.contains(run.path("status").asText()));
    }

    public JsonNode finished(String id) {
        return when(id, run -> run.hasNonNull("finishedAt"));
    }

    public JsonNode when(String id, Predicate<JsonNode> condition) {
        return await("run " + id)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> run(id), condition);
    }

    /// The approval that the run waits for.
    public JsonNode approval(String runId) {
        Answer answer = operator().get("/operator/v1/approvals?status=pending&limit=200");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        for (JsonNode approval : answer.json().path("items")) {
            if (approval.path("runId").asText().equals(runId)) {
                return approval;
            }
        }
        throw new AssertionError("no approval for " + runId + " in " + answer.text());
    }

    public Answer decide(JsonNode approval, String decision, String digest) {
        return operator()
                .post(
                        "/operator/v1/approvals/" + approval.path("id").asText() + "/decisions",
                        """
                        {"decision": "%s", "callDigest": "%s", "reason": "as the test says"}"""
                                .formatted(decision, digest));
    }

    public Answer decide(JsonNode approval, String decision) {
        return decide(approval, decision, approval.path("callDigest").asText());
    }

    /// The payments that were made for an order.
    public List<JsonNode> payments(String orderId) {
        List<JsonNode> payments = new ArrayList<>();
        ledger.get("/ledger?orderId=" + orderId).json().path("items").forEach(payments::add);
        return payments;
    }

    public void awaitPayment(String orderId) {
        await("payment for " + orderId)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !payments(orderId).isEmpty());
    }

    /// The types of a run's journal, in order.
    public List<String> journal(String runId) {
        List<String> types = new ArrayList<>();
        operator()
                .get("/operator/v1/runs/" + runId + "/journal?limit=200")
                .json()
                .path("items")
                .forEach(event -> types.add(event.path("type").asText()));
        return types;
    }

    @Override
    public void close() {
        process.close();
        shop.close();
    }
}
