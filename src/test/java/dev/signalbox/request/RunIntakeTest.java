package dev.signalbox.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.support.AmqpPeer;
import dev.signalbox.support.RequestPlaneOnly;
import dev.signalbox.support.StoredRuns;
import dev.signalbox.support.TestServices;
import dev.signalbox.wire.JsonCodec;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.message.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
@TestProfile(RequestPlaneOnly.class)
class RunIntakeTest {

    private static final String REQUESTS = "signalbox.run-requests";
    private static final String DEAD_LETTERS = "signalbox.run-requests.dlq";
    private static final String STRUCTURED = "application/cloudevents+json; charset=utf-8";

    @Inject StoredRuns stored;
    private final AmqpPeer peer = new AmqpPeer(TestServices.amqpPort());
    private final AmqpPeer.Mailbox replies = peer.mailbox();
    private final String definition = "refund-" + UUID.randomUUID();
    private final String eventId = UUID.randomUUID().toString();

    @BeforeEach
    void define() {
        stored.define(definition, "{\"type\": \"object\", \"required\": [\"orderId\"]}");
    }

    @AfterEach
    void leave() {
        peer.close();
    }

    @Test
    void a_structured_event_becomes_a_run_and_its_answer_has_the_correlation_id() throws Exception {
        Message request = AmqpPeer.message(STRUCTURED, event(data()), Map.of());
        request.setReplyTo(replies.address());
        request.setCorrelationId("order 7");

        peer.send(REQUESTS, request);

        Message reply = replies.next();
        assertThat(reply.getCorrelationId()).isEqualTo("order 7");
        assertThat(reply.getContentType()).isEqualTo("application/json");
        JsonObject run = JsonCodec.parseObject(AmqpPeer.body(reply));
        assertThat(run.get("status")).isEqualTo(Json.text("queued"));
        String id = String.valueOf(run.get("id").toJava());
        assertThat(stored.find(id).identity().requestedBy()).isEqualTo("amqp:/shop");
        assertThat(stored.find(id).identity().tenant()).isEqualTo("default");
    }

    @Test
    void a_binary_event_that_comes_again_finds_its_run_and_is_answered_again() throws Exception {
        String trace = "0af7651916cd43dd8448eb211c80319c";
        Map<String, Object> properties = new HashMap<>(attributes("cloudEvents:"));
        properties.put("traceparent", "00-" + trace + "-b7ad6b7169203331-01");
        String first = ask("application/json", data(), properties);

        String second = ask("application/json", data(), attributes("cloudEvents_"));

        assertThat(second).isEqualTo(first);
        assertThat(stored.count(definition)).isOne();
        assertThat(stored.find(first).identity().traceId()).isEqualTo(trace);
    }

    @Test
    void a_request_whose_body_is_a_text_value_is_read_too() throws Exception {
        Message request = AmqpPeer.message(STRUCTURED, "", Map.of());
        request.setBody(new AmqpValue(event(data())));
        request.setReplyTo(replies.address());

        peer.send(REQUESTS, request);

        assertThat(AmqpPeer.body(replies.next())).contains("\"status\":\"queued\"");
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                Arguments.of("garbage", "application/octet-stream", "\u0001garbage", "CloudEvent"),
                Arguments.of("malformed JSON", "application/json", "{\"a\": ", "CloudEvent"),
                Arguments.of("malformed event", STRUCTURED, "{\"id\": ", "malformed JSON"),
                Arguments.of("an array", STRUCTURED, "[]", "JSON object"),
                Arguments.of(
                        "deep nesting", STRUCTURED, "[".repeat(3000) + "]".repeat(3000), "deep"),
                Arguments.of(
                        "no id", STRUCTURED, "{\"specversion\": \"1.0\"}", "id: id is missing"),
                Arguments.of(
                        "another type",
                        STRUCTURED,
                        EVENT.replace("dev.signalbox.run.requested", "dev.example.other"),
                        "type"),
                Arguments.of(
                        "unknown field",
                        STRUCTURED,
                        EVENT.replace("\"input\"", "\"colour\": 1, \"input\""),
                        "unknown field"),
                Arguments.of(
                        "unknown definition",
                        STRUCTURED,
                        EVENT.replace("DEFINITION", "nobody"),
                        "unknown_definition"),
                Arguments.of(
                        "input against the schema",
                        STRUCTURED,
                        EVENT.replace("orderId", "order"),
                        "invalid_input"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void what_cannot_become_a_run_is_put_aside_with_its_reason_and_the_next_one_works(
            String what, String contentType, String body, String reason) throws Exception {
        String sent = body.replace("DEFINITION", definition).replace("EVENT-ID", eventId);
        Message request = AmqpPeer.message(contentType, sent, Map.of("shop", "lisbon", "n", 7));
        request.setMessageId(eventId);
        request.setReplyTo(replies.address());

        peer.send(REQUESTS, request);

        Message dead =
                peer.mailbox(DEAD_LETTERS).next(message -> eventId.equals(message.getMessageId()));
        assertThat(AmqpPeer.body(dead)).isEqualTo(sent);
        assertThat(dead.getContentType()).isEqualTo(contentType);
        assertThat(dead.getApplicationProperties().getValue())
                .containsEntry("shop", "lisbon")
                .containsEntry("n", 7);
        assertThat(dead.getApplicationProperties().getValue().get("signalbox-reason").toString())
                .contains(reason);
        Message reply = replies.next();
        assertThat(reply.getCorrelationId()).isEqualTo(eventId);
        assertThat(reply.getContentType()).isEqualTo("application/problem+json");
        assertThat(JsonCodec.parseObject(AmqpPeer.body(reply)).get("status"))
                .isInstanceOf(JsonNumber.class);
        assertThat(stored.count(definition)).isZero();
        assertThat(ask("application/json", data(), attributes("cloudEvents:"))).isNotBlank();
    }

    private String ask(String contentType, String body, Map<String, Object> properties)
            throws InterruptedException {
        Message request = AmqpPeer.message(contentType, body, properties);
        request.setReplyTo(replies.address());
        peer.send(REQUESTS, request);
        return String.valueOf(
                JsonCodec.parseObject(AmqpPeer.body(replies.next())).get("id").toJava());
    }

    private Map<String, Object> attributes(String prefix) {
        return Map.of(
                prefix + "specversion",
                "1.0",
                prefix + "id",
                eventId,
                prefix + "source",
                "/shop",
                prefix + "type",
                "dev.signalbox.run.requested");
    }

    private static final String EVENT =
            """
            {"specversion": "1.0", "id": "EVENT-ID", "source": "/shop",
             "type": "dev.signalbox.run.requested", "datacontenttype": "application/json",
             "data": {"definition": "DEFINITION", "input": {"orderId": "A-1"}}}
            """;

    private String event(String data) {
        return EVENT.replaceFirst("\"data\": .*", "\"data\": " + data + "}")
                .replace("EVENT-ID", eventId);
    }

    private String data() {
        return "{\"definition\": \"%s\", \"input\": {\"orderId\": \"A-1\"}}".formatted(definition);
    }
}
