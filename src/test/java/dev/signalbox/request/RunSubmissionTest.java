package dev.signalbox.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import dev.signalbox.support.LogTrap;
import dev.signalbox.support.Planes;
import dev.signalbox.support.RequestPlaneOnly;
import dev.signalbox.support.StoredRuns;
import dev.signalbox.support.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
@TestProfile(RequestPlaneOnly.class)
class RunSubmissionTest {

    private static final String SCHEMA =
            """
            {"type": "object", "required": ["orderId"], "properties": {"orderId": {"type": "string"}}}
            """;

    @Inject StoredRuns stored;
    private String definition;

    @BeforeEach
    void define() {
        definition = "refund-" + UUID.randomUUID();
        stored.define(definition, SCHEMA);
    }

    @Test
    void a_submitted_run_is_durable_when_the_answer_comes() {
        ValidatableResponse answer =
                submit(
                                """
                                {"definition": "%s", "input": {"orderId": "A-1", "amount": 20.10},
                                 "labels": {"shop": "lisbon"}, "deadline": "PT10M", "priority": 7}
                                """)
                        .statusCode(202);

        String id = answer.extract().path("id");
        answer.header("Location", "/v1/runs/" + id)
                .body("status", equalTo("queued"))
                .body("kind", equalTo("agent"))
                .body("version", equalTo("1.0.0"))
                .body("input.orderId", equalTo("A-1"))
                .body("labels.shop", equalTo("lisbon"))
                .body("output", nullValue())
                .body("error", nullValue())
                .body("startedAt", nullValue())
                .body("finishedAt", nullValue())
                .body("parentRunId", nullValue())
                .body("branchedFrom", nullValue())
                .body("rootRunId", equalTo(id))
                .body("headSeq", equalTo(1))
                .body("waitingOn.kind", equalTo("worker"))
                .body("usage.modelCalls", equalTo(0))
                .body("links.events", equalTo("/v1/runs/" + id + "/events"));
        assertThat(stored.find(id).identity().priority()).isEqualTo(7);
        assertThat(stored.find(id).identity().requestedBy())
                .isEqualTo(TestTokens.SUBMITTER.caller());
    }

    @Test
    void the_trace_of_the_caller_is_the_trace_of_the_run() {
        String trace = "0af7651916cd43dd8448eb211c80319c";

        ValidatableResponse answer =
                plane().header("traceparent", "00-" + trace + "-b7ad6b7169203331-01")
                        .body(body("{\"definition\": \"%s\", \"input\": {\"orderId\": \"1\"}}"))
                        .post("/v1/runs")
                        .then();

        answer.statusCode(202).body("traceId", equalTo(trace));
    }

    @Test
    void the_same_key_and_request_give_the_same_run() {
        String body = body("{\"definition\": \"%s\", \"input\": {\"orderId\": \"A-1\"}}");
        String key = "key " + UUID.randomUUID();
        String first = keyed(key, body).statusCode(202).extract().path("id");

        String second = keyed(key, body.replace(",", " ,")).statusCode(202).extract().path("id");

        assertThat(second).isEqualTo(first);
        assertThat(stored.count(definition)).isOne();
    }

    @Test
    void the_same_key_with_another_request_is_a_conflict() {
        String body = body("{\"definition\": \"%s\", \"input\": {\"orderId\": \"A-1\"}}");
        String key = UUID.randomUUID().toString();
        keyed(key, body).statusCode(202);

        ValidatableResponse answer = keyed(key, body.replace("A-1", "A-2"));

        answer.statusCode(409).body("code", equalTo("idempotency_conflict"));
        assertThat(stored.count(definition)).isOne();
    }

    @Test
    void many_at_once_with_one_key_make_one_run() {
        String body = body("{\"definition\": \"%s\", \"input\": {\"orderId\": \"A-1\"}}");
        String key = UUID.randomUUID().toString();

        Stream<CompletableFuture<String>> calls =
                Stream.generate(
                                () ->
                                        CompletableFuture.supplyAsync(
                                                () ->
                                                        keyed(key, body)
                                                                .statusCode(202)
                                                                .extract()
                                                                .<String>path("id")))
                        .limit(8);

        assertThat(calls.toList().stream().map(CompletableFuture::join))
                .containsOnly(keyed(key, body).extract().<String>path("id"));
        assertThat(stored.count(definition)).isOne();
    }

    @Test
    void an_answer_that_may_wait_comes_when_the_run_has_settled() {
        String body = body("{\"definition\": \"%s\", \"input\": {\"orderId\": \"A-1\"}}");
        String key = UUID.randomUUID().toString();
        String id = keyed(key, body).extract().path("id");
        CompletableFuture<Void> worker =
                CompletableFuture.runAsync(
                        () -> stored.complete(id, "{\"refunded\": 20}"),
                        CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS));

        ValidatableResponse answer =
                plane().header("Prefer", "respond-async, wait=20")
                        .header("Idempotency-Key", key)
                        .body(body)
                        .post("/v1/runs")
                        .then();

        answer.statusCode(202)
                .header("Preference-Applied", "wait=20")
                .body("id", equalTo(id))
                .body("status", equalTo("completed"))
                .body("output.refunded", equalTo(20));
        worker.join();
    }

    @Test
    void an_answer_that_has_waited_long_enough_shows_the_run_as_it_is() {
        String body = body("{\"definition\": \"%s\", \"input\": {\"orderId\": \"A-1\"}}");

        ValidatableResponse answer =
                plane().header("Prefer", "wait=1").body(body).post("/v1/runs").then();

        answer.statusCode(202)
                .header("Preference-Applied", "wait=1")
                .body("status", equalTo("queued"));
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                bad("malformed JSON", "{\"definition\": ", 400, "invalid_request", "body"),
                bad("nothing", "", 400, "invalid_request", "body"),
                bad("an array", "[]", 400, "invalid_request", "body"),
                bad("null", "null", 400, "invalid_request", "body"),
                bad("two values", ok() + ok(), 400, "invalid_request", null),
                bad("no input", "{\"definition\": \"%s\"}", 400, "invalid_request", "input"),
                bad("no definition", "{\"input\": {}}", 400, "invalid_request", "definition"),
                bad("null input", with("\"input\": null"), 400, "invalid_request", "input"),
                bad("input a text", with("\"input\": \"A-1\""), 400, "invalid_request", "input"),
                bad("input an array", with("\"input\": [1]"), 400, "invalid_request", "input"),
                bad(
                        "definition a number",
                        "{\"definition\": 5, \"input\": {}}",
                        400,
                        "invalid_request",
                        "definition"),
                bad(
                        "priority a text",
                        and("\"priority\": \"5\""),
                        400,
                        "invalid_request",
                        "priority"),
                bad(
                        "priority a fraction",
                        and("\"priority\": 5.5"),
                        400,
                        "invalid_request",
                        "priority"),
                bad("priority 10", and("\"priority\": 10"), 400, "invalid_request", "priority"),
                bad("priority -1", and("\"priority\": -1"), 400, "invalid_request", "priority"),
                bad("labels a text", and("\"labels\": \"a\""), 400, "invalid_request", "labels"),
                bad(
                        "a label a number",
                        and("\"labels\": {\"a\": 1}"),
                        400,
                        "invalid_request",
                        "labels.a"),
                bad(
                        "a label's key blank",
                        and("\"labels\": {\" \": \"a\"}"),
                        400,
                        "invalid_request",
                        null),
                bad(
                        "a label with a NUL",
                        and("\"labels\": {\"a\": \"\\u0000\"}"),
                        400,
                        "invalid_request",
                        "labels.a"),
                bad(
                        "deadline no duration",
                        and("\"deadline\": \"10m\""),
                        400,
                        "invalid_request",
                        "deadline"),
                bad(
                        "deadline zero",
                        and("\"deadline\": \"PT0S\""),
                        400,
                        "invalid_request",
                        "deadline"),
                bad(
                        "deadline too far",
                        and("\"deadline\": \"P366D\""),
                        400,
                        "invalid_request",
                        "deadline"),
                bad(
                        "deadline beyond time",
                        and("\"deadline\": \"PT9223372036854775807S\""),
                        400,
                        "invalid_request",
                        "deadline"),
                bad(
                        "an unknown field",
                        and("\"colour\": \"red\""),
                        400,
                        "invalid_request",
                        "colour"),
                bad(
                        "a field twice",
                        with("\"input\": {\"orderId\": \"1\"}, \"input\": {}"),
                        400,
                        "invalid_request",
                        null),
                bad(
                        "a field twice, deep",
                        with("\"input\": {\"orderId\": \"1\", \"a\": {\"b\": 1, \"b\": 2}}"),
                        400,
                        "invalid_request",
                        null),
                bad(
                        "deep nesting",
                        with("\"input\": {\"a\": " + "[".repeat(5000) + "]".repeat(5000) + "}"),
                        400,
                        "invalid_request",
                        null),
                bad(
                        "an absurd number",
                        with("\"input\": {\"orderId\": \"1\", \"n\": 1e999999999}"),
                        400,
                        "invalid_request",
                        null),
                bad(
                        "unknown version",
                        and("\"version\": \"9.9.9\""),
                        400,
                        "unknown_definition",
                        "definition"),
                bad(
                        "unknown definition",
                        "{\"definition\": \"nobody\", \"input\": {}}",
                        400,
                        "unknown_definition",
                        "definition"),
                bad(
                        "definition with a NUL",
                        "{\"definition\": \"a\\u0000\", \"input\": {}}",
                        400,
                        "invalid_request",
                        "definition"),
                bad(
                        "input against the schema",
                        with("\"input\": {\"orderId\": 1}"),
                        400,
                        "invalid_input",
                        "input"),
                bad(
                        "an input of over a megabyte",
                        with("\"input\": {\"orderId\": \"" + "x".repeat(1 << 20) + "\"}"),
                        413,
                        "too_large",
                        "input"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void a_request_that_is_wrong_is_refused_with_its_field_and_writes_nothing(
            String what, String body, int status, String code, String field) {
        ValidatableResponse answer = submit(body);

        answer.statusCode(status)
                .contentType("application/problem+json")
                .body("code", equalTo(code))
                .body("status", equalTo(status))
                .body("type", containsString(code));
        if (field != null) {
            answer.body("field", containsString(field));
        }
        answer.body("expected", org.hamcrest.Matchers.not(containsString("dev.signalbox")));
        assertThat(stored.count(definition)).isZero();
    }

    @Test
    void two_megabytes_are_refused_before_they_are_read() {
        ValidatableResponse answer =
                submit(with("\"input\": {\"orderId\": \"" + "x".repeat(2 << 20) + "\"}"));

        answer.statusCode(413)
                .contentType("application/problem+json")
                .body("code", equalTo("too_large"));
        assertThat(stored.count(definition)).isZero();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void two_megabytes_whose_length_nobody_says_are_refused_too(HttpClient.Version version)
            throws Exception {
        byte[] large =
                body(with("\"input\": {\"orderId\": \"" + "x".repeat(2 << 20) + "\"}"))
                        .getBytes(StandardCharsets.UTF_8);
        HttpRequest request =
                HttpRequest.newBuilder(Planes.requestUri().resolve("/v1/runs"))
                        .header("Authorization", "Bearer " + TestTokens.SUBMITTER.token())
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofInputStream(
                                        () -> new ByteArrayInputStream(large)))
                        .build();

        try (LogTrap log = LogTrap.set();
                HttpClient client = HttpClient.newBuilder().version(version).build()) {
            HttpResponse<String> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.headers().firstValue("Content-Type"))
                    .contains("application/problem+json");
            assertThat(answer.body()).contains("\"code\":\"too_large\"");
            assertThat(log.failures()).isEmpty();
        }
        assertThat(stored.count(definition)).isZero();
    }

    @Test
    void several_wrong_fields_are_all_named() {
        ValidatableResponse answer =
                submit("{\"definition\": \"\", \"input\": {}, \"priority\": 12}");

        answer.statusCode(400)
                .body("violations.field", hasItem("definition"))
                .body("violations.field", hasItem("priority"));
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(strings = {"text/plain", "application/xml"})
    void another_media_type_is_refused(String mediaType) {
        ValidatableResponse answer =
                Planes.request(TestTokens.SUBMITTER)
                        .contentType(mediaType)
                        .body(body(ok()))
                        .post("/v1/runs")
                        .then();

        answer.statusCode(415).body("code", equalTo("unsupported_media_type"));
        assertThat(stored.count(definition)).isZero();
    }

    @Test
    void an_idempotency_key_that_is_too_long_is_refused() {
        ValidatableResponse answer = keyed("k".repeat(256), body(ok()));

        answer.statusCode(400).body("field", equalTo("Idempotency-Key"));
        assertThat(stored.count(definition)).isZero();
    }

    private static Arguments bad(String what, String body, int status, String code, String field) {
        return Arguments.of(what, body, status, code, field);
    }

    private static String ok() {
        return with("\"input\": {\"orderId\": \"A-1\"}");
    }

    private static String with(String members) {
        return "{\"definition\": \"%s\", " + members + "}";
    }

    private static String and(String member) {
        return with("\"input\": {\"orderId\": \"A-1\"}, " + member);
    }

    private String body(String template) {
        return template.replace("%s", definition);
    }

    private ValidatableResponse submit(String template) {
        return plane().body(body(template)).post("/v1/runs").then();
    }

    private static ValidatableResponse keyed(String key, String body) {
        return plane().header("Idempotency-Key", key).body(body).post("/v1/runs").then();
    }

    private static RequestSpecification plane() {
        return Planes.request(TestTokens.SUBMITTER).contentType("application/json");
    }
}
