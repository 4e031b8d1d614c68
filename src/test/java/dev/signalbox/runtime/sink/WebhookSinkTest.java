package dev.signalbox.runtime.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.runtime.http.Egress;
import dev.signalbox.runtime.http.EgressRefused;
import dev.signalbox.runtime.http.EgressRules;
import dev.signalbox.runtime.sink.EventContents.Content;
import dev.signalbox.runtime.sink.EventSink.NotNow;
import dev.signalbox.runtime.sink.EventSink.Refused;
import dev.signalbox.support.Journals;
import dev.signalbox.support.RawServer;
import dev.signalbox.wire.EventCodec;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a webhook sends, and what it makes of the answer.
class WebhookSinkTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final Duration PATIENT = Duration.ofMinutes(1);
    private static final Duration IMPATIENT = Duration.ofSeconds(1);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final byte[] KEY = "a key of twenty bytes".getBytes(StandardCharsets.UTF_8);

    @AfterAll
    static void close() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    /// The example of Standard Webhooks.
    @Test
    void theSignatureIsThatOfStandardWebhooks() {
        byte[] key = WebhookSink.key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").orElseThrow();

        String signature =
                WebhookSink.signature(
                        key,
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        "1614265330",
                        "{\"test\": 2432232314}");

        assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "whsec_", "whsec_c2hvcnQ=", "whsec_not base 64 at all!"})
    void aKeyThatProtectsNothingIsNotAccepted(String secret) {
        assertThat(WebhookSink.key(secret)).isEmpty();
    }

    @Test
    void anEventIsASignedPost() throws IOException {
        try (RawServer server = RawServer.status(204, "", "")) {
            OutgoingEvent event = event();

            send(server.url() + "/hook?x=1", event);

            assertThat(server.requests()).hasSize(1);
            String request = server.requests().getFirst();
            String time = Long.toString(NOW.getEpochSecond());
            assertThat(request)
                    .startsWith("POST /hook?x=1 HTTP/1.1")
                    .contains("webhook-id: " + event.id())
                    .contains("webhook-timestamp: " + time)
                    .contains(
                            "webhook-signature: "
                                    + WebhookSink.signature(KEY, event.id(), time, event.json()))
                    .containsIgnoringCase(
                            "content-type: application/cloudevents+json; charset=utf-8")
                    .endsWith("\r\n\r\n" + event.json());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 307, 308, 400, 410, 413, 422})
    void whatSaysThatItNeverWillIsNotAskedAgain(int status) throws IOException {
        try (RawServer other = RawServer.status(204, "", "");
                RawServer server =
                        RawServer.status(status, "Location: " + other.url() + "\r\n", "")) {
            assertThatThrownBy(() -> send(server.url(), event()))
                    .isInstanceOf(Refused.class)
                    .hasMessage("the answer was " + status);
            assertThat(other.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 408, 409, 425, 429, 500, 502, 503, 504})
    void everythingElseMayBeOtherwiseTheNextTime(int status) throws IOException {
        try (RawServer server = RawServer.status(status, "", "planted-secret")) {
            assertThatThrownBy(() -> send(server.url(), event()))
                    .isInstanceOf(NotNow.class)
                    .hasMessage("the answer was " + status);
        }
    }

    @Test
    void whoDoesNotAnswerIsNotWaitedForForEver() throws IOException {
        try (RawServer server = RawServer.silent()) {
            assertThatThrownBy(() -> send(server.url(), event(), IMPATIENT))
                    .isInstanceOf(NotNow.class)
                    .hasMessage("no complete answer within PT1S");
        }
    }

    @Test
    void anAnswerWithoutEndIsNotWaitedForForEver() throws IOException {
        try (RawServer server =
                RawServer.answering(
                        (_, caller) -> {
                            caller.getOutputStream()
                                    .write(
                                            "HTTP/1.1 200 OK\r\n\r\n"
                                                    .getBytes(StandardCharsets.UTF_8));
                            while (true) {
                                caller.getOutputStream().write('x');
                                caller.getOutputStream().flush();
                                Thread.sleep(20);
                            }
                        })) {
            assertThatThrownBy(() -> send(server.url(), event(), IMPATIENT))
                    .isInstanceOf(NotNow.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no HTTP at all\r\n\r\n",
                "HTTP/1.1 2xx\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx"
            })
    void aBrokenAnswerIsNone(String answer) throws IOException {
        try (RawServer server = RawServer.saying(answer)) {
            assertThatThrownBy(() -> send(server.url(), event())).isNotInstanceOf(Refused.class);
        }
    }

    @Test
    void nobodyIsReachedWhomTheHostDoesNotAllow() throws IOException {
        try (RawServer server = RawServer.status(204, "", "")) {
            Egress egress =
                    new Egress(EgressRules.of(Optional.empty(), List.of()), Egress.resolver(VERTX));

            assertThatThrownBy(() -> send(egress, server.url(), event(), PATIENT))
                    .isInstanceOf(EgressRefused.class);
            assertThat(server.requests()).isEmpty();
        }
    }

    private static OutgoingEvent event() {
        Journals run = Journals.of("greeter", "{}", NOW);
        JournalEntry entry =
                EventCodec.link(
                        run.id(),
                        1,
                        NOW,
                        new RunEvent.RunStarted("worker-1"),
                        JournalEntry.GENESIS);
        RunEvent.RunSubmitted submitted = (RunEvent.RunSubmitted) run.history().getFirst().event();
        return new OutgoingEvent(
                submitted.identity(),
                entry,
                Optional.empty(),
                new Content(entry.data(), JsonObject.EMPTY));
    }

    private static void send(String url, OutgoingEvent event) {
        send(url, event, PATIENT);
    }

    private static void send(String url, OutgoingEvent event, Duration timeout) {
        Egress egress =
                new Egress(
                        EgressRules.of(Optional.empty(), List.of("127.0.0.1")),
                        Egress.resolver(VERTX));
        send(egress, url, event, timeout);
    }

    private static void send(Egress egress, String url, OutgoingEvent event, Duration timeout) {
        new WebhookSink(VERTX.createHttpClient(), egress, () -> NOW, url, KEY, timeout)
                .send(event)
                .await()
                .atMost(SOON);
    }
}
