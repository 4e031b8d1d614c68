package dev.signalbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signalbox.support.Caller;
import dev.signalbox.support.Caller.Answer;
import dev.signalbox.support.Desk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The main job, as the packaged application does it for callers from outside.
class MainJobIT {

    private static Desk desk;

    @BeforeAll
    static void start() {
        desk = Desk.in("main-job");
        desk.process().start();
    }

    @AfterAll
    static void stop() {
        desk.close();
    }

    @Test
    void a_small_refund_completes_alone() {
        // When
        Answer answer =
                desk.submitter()
                        .post(
                                "/v1/runs",
                                Desk.body("refund-agent", "A-20", 20),
                                "Prefer",
                                "wait=30");

        // Then
        assertThat(answer.at("/status")).as(answer.text()).isEqualTo("completed");
        assertThat(answer.json().at("/output/refunded").asInt()).isEqualTo(20);
        assertThat(desk.payments("A-20")).hasSize(1);
    }

    @Test
    void an_approved_refund_is_paid_once_with_its_effect_id() {
        // Given
        String id = desk.submit("refund-agent", "A-120", 120);
        JsonNode waiting = desk.settled(id);
        assertThat(waiting.path("status").asText()).as(waiting.toString()).isEqualTo("waiting");
        JsonNode approval = desk.approval(id);
        assertThat(approval.path("tool").asText()).isEqualTo("payments.refund");
        assertThat(approval.at("/arguments/amount").asInt()).isEqualTo(120);
        assertThat(approval.path("callDigest").asText()).startsWith("sha256:");
        assertThat(approval.path("ruleId").asText()).isEqualTo("big-refund");
        assertThat(desk.payments("A-120")).isEmpty();

        // When
        Answer answer = desk.decide(approval, "approve");

        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(desk.finished(id).path("status").asText()).isEqualTo("completed");
        assertThat(desk.payments("A-120")).hasSize(1);
        JsonNode payment = desk.payments("A-120").getFirst();
        assertThat(payment.path("key").asText()).startsWith(id + "-t");
        assertThat(payment.path("calls").asInt()).isEqualTo(1);
    }

    @Test
    void after_a_rejection_the_model_is_told_and_nothing_is_paid() {
        // Given
        String id = desk.submit("refund-agent", "A-121", 121);
        desk.settled(id);

        // When
        Answer answer = desk.decide(desk.approval(id), "reject");

        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode run = desk.finished(id);
        assertThat(run.path("status").asText()).isEqualTo("completed");
        assertThat(run.at("/output/refunded").asInt()).isZero();
        assertThat(desk.payments("A-121")).isEmpty();
    }

    @Test
    void a_decision_about_another_call_is_a_conflict() {
        // Given
        String id = desk.submit("refund-agent", "A-122", 122);
        desk.settled(id);
        JsonNode approval = desk.approval(id);

        // When
        Answer wrong = desk.decide(approval, "approve", "sha256:" + "0".repeat(64));

        // Then
        assertThat(wrong.status()).as(wrong.text()).isEqualTo(409);
        assertThat(desk.run(id).path("status").asText()).isEqualTo("waiting");
        assertThat(desk.decide(approval, "reject").status()).isEqualTo(200);
        assertThat(desk.decide(approval, "approve").status()).isEqualTo(409);
        desk.finished(id);
        assertThat(desk.payments("A-122")).isEmpty();
    }

    @Test
    void the_planes_are_separate() {
        // Given
        Caller submitter = desk.submitter();
        Caller operator = desk.operator();

        // When
        Answer wrongToken =
                submitter.at(desk.process().operatorUri()).get("/operator/v1/approvals");

        // Then
        assertThat(wrongToken.status()).isIn(401, 403);
        assertThat(submitter.get("/operator/v1/approvals").status()).isEqualTo(404);
        assertThat(operator.get("/v1/runs").status()).isEqualTo(404);
        assertThat(operator.at(desk.process().requestUri()).get("/v1/runs").status())
                .isIn(401, 403);
        assertThat(new Caller(desk.process().requestUri(), Optional.empty()).get("/v1/runs"))
                .extracting(Answer::status)
                .isEqualTo(401);
    }

    @Test
    void one_key_is_one_run() {
        // Given
        String body = Desk.body("refund-agent", "A-21", 21);
        Answer first = desk.submitter().post("/v1/runs", body, "Idempotency-Key", "main-job-1");
        desk.finished(first.at("/id"));

        // When
        Answer again = desk.submitter().post("/v1/runs", body, "Idempotency-Key", "main-job-1");

        // Then
        assertThat(again.at("/id")).as(again.text()).isEqualTo(first.at("/id"));
        Answer other =
                desk.submitter()
                        .post(
                                "/v1/runs",
                                Desk.body("refund-agent", "A-22", 22),
                                "Idempotency-Key",
                                "main-job-1");
        assertThat(other.status()).as(other.text()).isEqualTo(409);
        assertThat(desk.payments("A-21")).hasSize(1);
        assertThat(desk.payments("A-22")).isEmpty();
    }

    @Test
    void events_read_in_two_halves_are_all_there_once() {
        // Given
        String id = desk.submit("refund-agent", "A-23", 23);
        desk.finished(id);
        List<Long> whole = sequence(events(id));

        // When
        long middle = whole.get(whole.size() / 2);
        List<Long> rest = sequence(events(id, "Last-Event-ID", Long.toString(middle)));

        // Then
        assertThat(whole).doesNotHaveDuplicates().isSorted().hasSizeGreaterThan(6);
        List<Long> halves = new ArrayList<>(whole.subList(0, whole.indexOf(middle) + 1));
        halves.addAll(rest);
        assertThat(halves).isEqualTo(whole);
        assertThat(whole.getLast()).isEqualTo(desk.run(id).path("headSeq").asLong());
    }

    static Stream<Arguments> badInput() {
        String deep = "{\"definition\":\"refund-agent\",\"input\":" + "[".repeat(5000);
        String big =
                "{\"definition\":\"refund-agent\",\"input\":{\"orderId\":\""
                        + "A".repeat(2_000_000)
                        + "\"}}";
        String json = "application/json";
        return Stream.of(
                Arguments.of("no JSON", "{\"definition\": ", json),
                Arguments.of("nothing", "", json),
                Arguments.of("null", "null", json),
                Arguments.of("an array", "[]", json),
                Arguments.of("a number as definition", "{\"definition\": 7, \"input\": {}}", json),
                Arguments.of(
                        "a text as input",
                        "{\"definition\": \"refund-agent\", \"input\": 1}",
                        json),
                Arguments.of("unknown definition", Desk.body("no-such-agent", "A-1", 1), json),
                Arguments.of(
                        "unknown field",
                        "{\"definition\":\"refund-agent\",\"input\":{},\"surprise\":1}",
                        json),
                Arguments.of("input off schema", Desk.body("refund-agent", "A-1", -5), json),
                Arguments.of("deep nesting", deep, json),
                Arguments.of("deep and closed", deep + "]".repeat(5000) + "}", json),
                Arguments.of("2 MB", big, json),
                Arguments.of(
                        "wrong media type", Desk.body("refund-agent", "A-1", 1), "text/plain"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badInput")
    void bad_input_is_told_and_starts_nothing(String name, String body, String mediaType) {
        // Given
        String newest = newestRun();

        // When
        Answer answer = desk.submitter().post("/v1/runs", body, "Content-Type", mediaType);

        // Then
        assertThat(answer.status()).as(name + answer.text()).isBetween(400, 499);
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .as(name + answer.text())
                .startsWith("application/problem+json");
        assertThat(answer.at("/code")).isNotEmpty();
        assertThat(newestRun()).isEqualTo(newest);
    }

    private static String newestRun() {
        return desk.submitter().get("/v1/runs?limit=1").at("/items/0/id");
    }

    private static String events(String id, String... headers) {
        Answer answer = desk.submitter().get("/v1/runs/" + id + "/events", headers);
        assertThat(answer.status()).isEqualTo(200);
        return answer.text();
    }

    private static List<Long> sequence(String stream) {
        return stream.lines()
                .filter(line -> line.startsWith("id:"))
                .map(line -> Long.valueOf(line.substring(3).strip()))
                .toList();
    }
}
