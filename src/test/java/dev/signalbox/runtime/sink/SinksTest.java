package dev.signalbox.runtime.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signalbox.definition.Schemas;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.RunEvent.ApprovalRequested;
import dev.signalbox.domain.run.RunEvent.ApprovalResolved;
import dev.signalbox.domain.run.RunEvent.PolicyDecided;
import dev.signalbox.domain.run.RunEvent.VerificationCompleted;
import dev.signalbox.governance.GovernanceHooks;
import dev.signalbox.store.EventOutbox;
import dev.signalbox.store.EventOutbox.DeadLetter;
import dev.signalbox.support.AmqpPeer;
import dev.signalbox.support.LogLines;
import dev.signalbox.support.Planes;
import dev.signalbox.support.SinkPeers;
import dev.signalbox.support.TestServices;
import dev.signalbox.support.TestTokens;
import dev.signalbox.wire.JsonCodec;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Every kind of sink hears of what is committed, in order, and only one that is told to shows what is
/// secret or somebody's own.
@QuarkusTest
@TestProfile(SinksTest.AllKinds.class)
class SinksTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String NAME = "Ann Planted-Smith";
    private static final String PASSWORD = "planted-hunter2";
    private static final String[] PLANTED = {
        NAME, PASSWORD, SinkPeers.EMAIL, SinkPeers.SECRET, "Ann"
    };

    /// A sink of each kind, and a hook.
    public static final class AllKinds implements QuarkusTestProfile {
        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(SinkPeers.class));
        }

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(HostHooks.class);
        }
    }

    /// The host's own code.
    @Alternative
    @ApplicationScoped
    public static class HostHooks implements GovernanceHooks {

        private final List<String> heard = new CopyOnWriteArrayList<>();

        List<String> heard() {
            return List.copyOf(heard);
        }

        private void hear(Occasion occasion, String what) {
            heard.add(occasion.run().id() + " " + what);
        }

        @Override
        public void policyDecided(Occasion occasion, PolicyDecided decision) {
            hear(occasion, decision.verdict() + " " + occasion.tool().orElse("no tool"));
        }

        @Override
        public void approvalRequested(Occasion occasion, ApprovalRequested request) {
            hear(occasion, "requested " + occasion.tool().orElse("no tool"));
        }

        @Override
        public void approvalResolved(Occasion occasion, ApprovalResolved resolution) {
            hear(occasion, resolution.outcome() + " " + occasion.tool().orElse("no tool"));
        }

        @Override
        public void verifierCompleted(Occasion occasion, VerificationCompleted verification) {
            hear(occasion, "verified " + verification.output().isPresent());
        }

        @Override
        public void runSettled(Occasion occasion, Settlement settlement) {
            hear(occasion, settlement.status().name());
        }
    }

    @Inject EventOutbox outbox;
    @Inject HostHooks hooks;

    @ConfigProperty(name = "sinks.home")
    Path home;

    @ConfigProperty(name = "sinks.url")
    String url;

    private LogLines log;
    private AmqpPeer peer;
    private AmqpPeer.Mailbox mailbox;

    @BeforeEach
    void listen() {
        log = LogLines.set();
        peer = new AmqpPeer(TestServices.amqpPort());
        mailbox = peer.mailbox("signalbox.run-events");
    }

    @AfterEach
    void leave() {
        peer.close();
        log.close();
    }

    @Test
    void theQueueHearsOfRunsAndApprovalsInTheWordsOfItsDescription() throws Exception {
        String run = completedRun();

        List<JsonObject> events = messages(run);

        assertThat(events)
                .extracting(event -> text(event, "type"))
                .containsExactly(
                        "dev.signalbox.run.started",
                        "dev.signalbox.approval.requested",
                        "dev.signalbox.run.waiting",
                        "dev.signalbox.approval.resolved",
                        "dev.signalbox.run.completed");
        Schemas schemas = new Schemas();
        JsonObject schema = described();
        assertThat(events)
                .allSatisfy(event -> assertThat(schemas.findings(schema, event)).isEmpty());
        assertThat(events.toString()).doesNotContain(PLANTED).contains("Lisbon", "crm.find");
    }

    @Test
    void filesHearOfEverythingAndOnlyTheOneThatIsToldToShowsIt() throws Exception {
        String run = completedRun();

        List<JsonObject> safe = waitFor(() -> lines("safe.jsonl", run), SinksTest::ended);
        List<JsonObject> open = waitFor(() -> lines("open.jsonl", run), SinksTest::ended);

        assertThat(safe).extracting(SinksTest::seq).startsWith(1).isSorted().doesNotHaveDuplicates();
        assertThat(safe.getLast()).satisfies(last -> assertThat(seq(last)).isEqualTo(safe.size()));
        assertThat(open)
                .extracting(SinksTest::seq)
                .isEqualTo(safe.stream().map(SinksTest::seq).toList());
        assertThat(safe.toString()).doesNotContain(PLANTED).contains("[redacted]", "Lisbon");
        assertThat(open.toString()).contains(NAME, PASSWORD, SinkPeers.EMAIL);
    }

    @Test
    void webhooksAreSignedAndTriedAgainAndNotRedirected() throws Exception {
        String run = completedRun();

        List<String> hook = waitFor(() -> posted("/take", run), SinksTest::completed);
        List<String> busy = waitFor(() -> posted("/busy", run), SinksTest::completed);
        List<DeadLetter> moved =
                waitFor(
                        () -> outbox.deadLetters("moved", 100).await().atMost(SOON),
                        all -> all.stream().anyMatch(one -> one.run().toString().equals(run)));

        assertThat(hook).hasSize(5).allSatisfy(SinksTest::isSigned);
        assertThat(busy).hasSize(1);
        assertThat(moved).extracting(DeadLetter::reason).containsOnly("the answer was 307");
        assertThat(hook + " " + busy).doesNotContain(PLANTED).contains("Lisbon");
    }

    @Test
    void theLogShowsEventsAndNothingThatIsSecret() throws Exception {
        String run = completedRun();

        List<String> lines =
                waitFor(
                        () -> log.lines().stream().filter(line -> line.contains(run)).toList(),
                        SinksTest::completed);

        assertThat(lines)
                .filteredOn(line -> line.startsWith("signalbox.events.line {"))
                .allSatisfy(
                        line ->
                                assertThat(
                                                JsonCodec.parseObject(
                                                        line.substring(line.indexOf('{'))))
                                        .isNotNull());
        assertThat(log.lines().toString()).doesNotContain(PLANTED).contains("Lisbon");
    }

    @Test
    void theHostsHooksHearWhatIsDecided() throws Exception {
        String run = completedRun();

        List<String> heard =
                waitFor(
                        () -> hooks.heard().stream().filter(line -> line.startsWith(run)).toList(),
                        SinksTest::completed);

        assertThat(heard)
                .containsExactly(
                        run + " REQUIRE_APPROVAL crm.find",
                        run + " requested crm.find",
                        run + " APPROVED crm.find",
                        run + " verified true",
                        run + " COMPLETED");
    }

    private static String completedRun() {
        String body =
                "{\"definition\": \"greeter\", \"input\": {\"name\": \"%s\", \"password\": \"%s\", \"city\": \"Lisbon\"}}"
                        .formatted(NAME, PASSWORD);
        JsonPath waiting =
                Planes.request(TestTokens.SUBMITTER)
                        .header("Prefer", "wait=30")
                        .contentType("application/json")
                        .body(body)
                        .post("/v1/runs")
                        .then()
                        .statusCode(202)
                        .extract()
                        .jsonPath();
        String approval = waiting.getString("waitingOn.approvalId");
        String path = "/operator/v1/approvals/" + approval;
        String digest =
                Planes.operator(TestTokens.LEAD).get(path).then().extract().path("callDigest");
        Planes.operator(TestTokens.LEAD)
                .contentType("application/json")
                .body(
                        "{\"decision\": \"approve\", \"callDigest\": \"%s\", \"reason\": \"fine\"}"
                                .formatted(digest))
                .post(path + "/decisions")
                .then()
                .statusCode(200);
        return waiting.getString("id");
    }

    /// The run's messages, up to the one that says that it has completed.
    private List<JsonObject> messages(String run) throws InterruptedException {
        List<JsonObject> events = new ArrayList<>();
        while (!ended(events)) {
            events.add(
                    JsonCodec.parseObject(
                            AmqpPeer.body(
                                    mailbox.next(message -> AmqpPeer.body(message).contains(run)))));
        }
        return events;
    }

    /// What `docs/asyncapi.yaml` says of an event.
    private static JsonObject described() throws IOException {
        Object document =
                new Load(LoadSettings.builder().build())
                        .loadFromString(Files.readString(Path.of("docs", "asyncapi.yaml")));
        JsonObject schemas =
                (JsonObject)
                        ((JsonObject) ((JsonObject) Json.of(document)).members().get("components"))
                                .members()
                                .get("schemas");
        return (JsonObject) schemas.members().get("runEvent");
    }

    private static <T> T waitFor(Callable<T> read, Predicate<T> enough) {
        return await().atMost(SOON).ignoreException(IOException.class).until(read, enough);
    }

    private List<JsonObject> lines(String file, String run) throws IOException {
        String written = Files.readString(home.resolve(file));
        return written.substring(0, written.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> line.contains(run))
                .map(JsonCodec::parseObject)
                .toList();
    }

    private static boolean ended(List<JsonObject> events) {
        return events.stream()
                .anyMatch(event -> text(event, "type").equals("dev.signalbox.run.completed"));
    }

    private static boolean completed(List<String> lines) {
        return lines.stream()
                .anyMatch(line -> line.contains("run.completed") || line.endsWith("COMPLETED"));
    }

    private static String text(JsonObject event, String field) {
        return event.members().get(field) instanceof Json.JsonText(String text) ? text : "";
    }

    private static int seq(JsonObject event) {
        JsonObject data = (JsonObject) event.members().get("data");
        return Integer.parseInt(data.members().get("seq").canonical());
    }

    private List<String> posted(String path, String run) {
        try {
            String all =
                    HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(URI.create(url + "/all")).build(),
                                    BodyHandlers.ofString())
                            .body();
            return all.lines()
                    .filter(line -> line.startsWith(path + "\t") && line.contains(run))
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static void isSigned(String line) {
        String[] parts = line.split("\t", 5);
        assertThat(parts[3])
                .isEqualTo(
                        WebhookSink.signature(
                                SinkPeers.SECRET.getBytes(StandardCharsets.UTF_8),
                                parts[1],
                                parts[2],
                                parts[4]));
    }
}
