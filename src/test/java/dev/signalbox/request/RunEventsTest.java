package dev.signalbox.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.queue.ModelDeltas;
import dev.signalbox.queue.Speaker;
import dev.signalbox.store.Lease;
import dev.signalbox.store.RunStore;
import dev.signalbox.support.Planes;
import dev.signalbox.support.RequestPlaneOnly;
import dev.signalbox.support.StoredRuns;
import dev.signalbox.support.TestTokens;
import dev.signalbox.wire.JsonCodec;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(RequestPlaneOnly.class)
class RunEventsTest {

    private static final String DEFINITION = "followed";

    @Inject StoredRuns stored;
    @Inject RunStore runs;
    @Inject ModelDeltas deltas;
    private String id;

    @BeforeEach
    void submit() {
        stored.define(DEFINITION, "{}");
        id =
                Planes.request(TestTokens.SUBMITTER)
                        .contentType("application/json")
                        .body("{\"definition\": \"followed\", \"input\": {\"orderId\": \"A-1\"}}")
                        .post("/v1/runs")
                        .then()
                        .statusCode(202)
                        .extract()
                        .path("id");
    }

    @Test
    void the_stream_shows_the_journal_and_ends_after_the_terminal_event() throws Exception {
        stored.complete(id, "{\"refunded\": 20}");

        List<String> lines = open(Map.of()).toList();

        assertThat(ids(lines)).containsExactly(1L, 2L, 3L);
        assertThat(lines)
                .contains("event:run_submitted", "event:run_started", "event:run_completed");
        var last =
                JsonCodec.parseObject(
                        lines.stream()
                                .filter(line -> line.startsWith("data:"))
                                .toList()
                                .getLast()
                                .substring(5));
        assertThat(last.get("seq")).isEqualTo(Json.number(3));
        assertThat(last.get("payloads").canonical()).contains("{\"refunded\":20}");
    }

    @Test
    void what_the_stream_shows_is_the_chain_itself() throws Exception {
        stored.complete(id, "{}");

        List<JournalEntry> shown =
                open(Map.of())
                        .filter(line -> line.startsWith("data:"))
                        .map(line -> JsonCodec.parseObject(line.substring(5)))
                        .map(RunEventsTest::entry)
                        .toList();

        assertThat(shown).allMatch(JournalEntry::intact);
        assertThat(shown)
                .isEqualTo(runs.journal(shown.getFirst().runId(), 0, 10).await().indefinitely());
    }

    @Test
    void a_client_that_is_cut_off_again_and_again_loses_and_doubles_nothing() throws Exception {
        Lease lease = stored.claim(id);
        stored.append(lease, Map.of(), new RunEvent.RunStarted("test-worker"));
        CompletableFuture<Void> worker =
                CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < 40; i++) {
                                stored.append(
                                        lease, Map.of(), new RunEvent.CheckpointSaved("c" + i));
                            }
                            Json output = JsonCodec.parse("{}");
                            stored.append(
                                    lease,
                                    Map.of(output.digest(), output),
                                    new RunEvent.RunCompleted(output.digest()));
                        });

        List<Long> seen = new ArrayList<>();
        boolean ended = false;
        while (!ended) {
            Map<String, String> position =
                    seen.isEmpty() ? Map.of() : Map.of("Last-Event-ID", "" + seen.getLast());
            try (Stream<String> lines = open(position)) {
                Iterator<String> left = lines.iterator();
                for (int events = 0; events < 5 && left.hasNext(); ) {
                    String line = left.next();
                    if (line.startsWith("id:")) {
                        seen.add(Long.parseLong(line.substring(3)));
                        events++;
                    }
                    ended |= line.equals("event:run_completed");
                }
            }
        }

        worker.join();
        assertThat(seen).containsExactlyElementsOf(LongStream.rangeClosed(1, 43).boxed().toList());
    }

    @Test
    void a_stream_that_is_resumed_at_the_end_ends_at_once() throws Exception {
        stored.complete(id, "{}");

        List<String> lines = open(Map.of("Last-Event-ID", "3")).toList();

        assertThat(ids(lines)).isEmpty();
    }

    @Test
    void clients_without_the_header_resume_by_parameter() {
        stored.complete(id, "{}");

        String text =
                Planes.request(TestTokens.SUBMITTER)
                        .get("/v1/runs/{id}/events?lastEventId=2", id)
                        .then()
                        .statusCode(200)
                        .contentType("text/event-stream")
                        .header("Cache-Control", "no-store")
                        .extract()
                        .asString();

        assertThat(ids(text.lines().toList())).containsExactly(3L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "2", "1.5", "99999999999999999999"})
    void a_position_that_the_run_does_not_have_is_refused(String position) {
        Planes.request(TestTokens.SUBMITTER)
                .header("Last-Event-ID", position)
                .get("/v1/runs/{id}/events", id)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("field", equalTo("Last-Event-ID"));
    }

    @Test
    void what_models_say_comes_in_between_until_it_is_in_the_journal() throws Exception {
        Lease lease = stored.claim(id);
        stored.append(lease, Map.of(), new RunEvent.RunStarted("test-worker"));
        EffectId effect = new EffectId(id + "-m1");
        RunId run = RunId.of(id);

        List<String> lines = new ArrayList<>();
        try (Stream<String> stream = open("?deltas=true", Map.of())) {
            Iterator<String> left = stream.iterator();
            while (!lines.contains("id:2")) {
                lines.add(left.next());
            }
            Awaitility.await().until(() -> deltas.speaker(run, effect, 1).isPresent());
            Speaker speaker = deltas.speaker(run, effect, 1).orElseThrow();
            speaker.accept("Refun");
            speaker.accept("ded.");
            speaker.end();
            Json output = JsonCodec.parse("{\"refunded\": 20}");
            stored.append(
                    lease,
                    Map.of(output.digest(), output),
                    new RunEvent.RunCompleted(output.digest()));
            left.forEachRemaining(lines::add);
        }

        assertThat(ids(lines)).containsExactly(1L, 2L, 3L);
        List<Json.JsonObject> said =
                IntStream.range(0, lines.size())
                        .filter(line -> lines.get(line).equals("event:model_delta"))
                        .mapToObj(line -> JsonCodec.parseObject(lines.get(line + 1).substring(5)))
                        .toList();
        assertThat(said).isNotEmpty();
        assertThat(said.getFirst().members().keySet())
                .containsExactlyInAnyOrder("runId", "effectId", "attempt", "offset", "text");
        assertThat(
                        said.stream()
                                .map(delta -> ((Json.JsonText) delta.get("text")).value())
                                .collect(Collectors.joining()))
                .isEqualTo("Refunded.");
        assertThat(deltas.speaker(run, effect, 2)).as("nobody watches any longer").isEmpty();
    }

    @Test
    void whether_to_hear_what_models_say_is_true_or_false() {
        Planes.request(TestTokens.SUBMITTER)
                .get("/v1/runs/{id}/events?deltas=maybe", id)
                .then()
                .statusCode(400)
                .body("field", equalTo("deltas"));
    }

    @Test
    void the_stream_of_another_tenants_run_does_not_exist() {
        Planes.request(TestTokens.STRANGER)
                .get("/v1/runs/{id}/events", id)
                .then()
                .statusCode(404)
                .body("code", equalTo("not_found"));
    }

    private Stream<String> open(Map<String, String> headers) throws Exception {
        return open("", headers);
    }

    private Stream<String> open(String query, Map<String, String> headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                                Planes.requestUri().resolve("/v1/runs/" + id + "/events" + query))
                        .header("Authorization", "Bearer " + TestTokens.SUBMITTER.token())
                        .header("Accept", "text/event-stream");
        headers.forEach(request::header);
        HttpResponse<Stream<String>> response =
                HttpClient.newHttpClient()
                        .send(request.build(), HttpResponse.BodyHandlers.ofLines());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private static List<Long> ids(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("id:"))
                .map(line -> Long.valueOf(line.substring(3)))
                .toList();
    }

    private static JournalEntry entry(Json.JsonObject shown) {
        Map<String, Json> members = new java.util.HashMap<>(shown.members());
        members.remove("payloads");
        return dev.signalbox.wire.RecordCodec.decode(
                JournalEntry.class, new Json.JsonObject(members));
    }
}
