package dev.signalbox.app.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.wire.JsonCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExampleServicesTest {

    private static final String TOKEN = "tok-0123456789";
    private static final InstantSource CLOCK =
            InstantSource.fixed(Instant.parse("2026-05-01T10:00:00Z"));

    @TempDir private Path home;
    private final HttpClient client = HttpClient.newHttpClient();
    private ExampleServices services;

    @BeforeEach
    void start() {
        services = ExampleServices.start(home, 0, TOKEN, CLOCK);
    }

    @AfterEach
    void stop() {
        services.close();
        client.shutdownNow();
    }

    @Test
    void orderFollowsFromItsId() throws Exception {
        HttpResponse<String> answer = get("/orders/A-120");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JsonCodec.parse(answer.body()))
                .isEqualTo(
                        JsonCodec.parse(
                                """
                                {"orderId": "A-120", "customer": "Ada Byron", "total": 120,
                                 "currency": "EUR", "status": "delivered"}
                                """));
    }

    @Test
    void refundWithOneKeyIsPaidOnce() throws Exception {
        HttpResponse<String> first = pay("/refunds", "k1", "{\"orderId\":\"A-20\",\"amount\":20}");

        HttpResponse<String> second =
                pay("/refunds", "k1", "{\"orderId\":\"A-20\",\"amount\":20.0}");

        assertThat(second.body()).isEqualTo(first.body());
        assertThat(ledger())
                .containsExactly(
                        JsonCodec.parse(
                                """
                                {"paymentId": "P-1", "kind": "refund", "key": "k1",
                                 "orderId": "A-20", "amount": 20, "at": "2026-05-01T10:00:00Z",
                                 "calls": 2}
                                """));
    }

    @Test
    void keyForAnotherPaymentIsRefused() throws Exception {
        pay("/refunds", "k1", "{\"orderId\":\"A-20\",\"amount\":20}");

        HttpResponse<String> other = pay("/refunds", "k1", "{\"orderId\":\"A-20\",\"amount\":21}");

        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(ledger()).hasSize(1);
    }

    @Test
    void wireIsPaidAtEveryCall() throws Exception {
        pay("/wires", "k1", "{\"orderId\":\"A-20\",\"amount\":20}");

        pay("/wires", "k1", "{\"orderId\":\"A-20\",\"amount\":20}");

        assertThat(ledger()).hasSize(2);
    }

    @Test
    void paymentIsOnDiskBeforeASlowAnswer() {
        HttpRequest request =
                payment("/refunds", "k1", "{\"orderId\":\"S-20\",\"amount\":20}")
                        .timeout(Duration.ofMillis(500))
                        .build();

        Assertions.assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
                .isInstanceOf(HttpTimeoutException.class);

        assertThat(home.resolve("payments.jsonl")).content().contains("S-20");
    }

    @Test
    void ledgerSurvivesARestartAndAHalfWrittenLine() throws Exception {
        pay("/refunds", "k1", "{\"orderId\":\"A-20\",\"amount\":20}");
        pay("/refunds", "k1", "{\"orderId\":\"A-20\",\"amount\":20}");
        services.close();
        Files.writeString(
                home.resolve("payments.jsonl"), "{\"paymentId\":\"P-", StandardOpenOption.APPEND);

        services = ExampleServices.start(home, 0, TOKEN, CLOCK);

        pay("/refunds", "k1", "{\"orderId\":\"A-20\",\"amount\":20}");
        pay("/refunds", "k2", "{\"orderId\":\"A-30\",\"amount\":30}");
        assertThat(ledger())
                .extracting(payment -> ((JsonObject) payment).get("calls"))
                .containsExactly(Json.number(3), Json.number(1));
        assertThat(Files.readAllLines(home.resolve("payments.jsonl")))
                .allSatisfy(JsonCodec::parseObject);
    }

    @Test
    void paymentsNeedTheToken() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(services.url() + "/refunds"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"orderId\":\"A-20\",\"amount\":20}"))
                        .build();

        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(ledger()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"orderId\": |400|malformed_json",
                "[]|400|malformed_json",
                "{\"orderId\":\"A-20\"}|400|invalid_amount",
                "{\"orderId\":\"A-20\",\"amount\":\"20\"}|400|invalid_amount",
                "{\"orderId\":\"A-20\",\"amount\":-1}|400|invalid_amount",
                "{\"orderId\":\"A-20\",\"amount\":0.001}|400|invalid_amount",
                "{\"orderId\":7,\"amount\":20}|400|invalid_order_id",
                "{\"orderId\":\"../etc\",\"amount\":20}|400|invalid_order_id",
                "{\"orderId\":\"A-20\",\"amount\":20,\"to\":\"me\"}|400|unknown_field",
                "{\"orderId\":\"X-20\",\"amount\":20}|404|no_such_order"
            })
    void paymentThatMakesNoSenseIsRefused(String body, int status, String code) throws Exception {
        HttpResponse<String> answer = pay("/refunds", "k1", body);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("\"" + code + "\"");
        assertThat(ledger()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/orders/X-100, 404",
        "/orders/100, 400",
        "/orders/A-100?delay=PT9H, 400",
        "/orders/A-100?delay=soon, 400",
        "/refunds, 405",
        "/, 404"
    })
    void questionThatMakesNoSenseIsRefused(String path, int status) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(status);
    }

    @Test
    void delayIsWaitedFor() throws Exception {
        Instant before = Instant.now();

        get("/orders/A-100?delay=0.2");

        assertThat(Duration.between(before, Instant.now())).isGreaterThan(Duration.ofMillis(199));
    }

    @Test
    void tokenIsMadeOnceAndOnlyItsOwnerReadsIt() throws Exception {
        String token = ExampleToken.in(home);

        assertThat(ExampleToken.in(home)).isEqualTo(token).hasSizeGreaterThan(30);
        assertThat(Files.getPosixFilePermissions(home.resolve("payments-token")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    private List<Json> ledger() throws Exception {
        JsonObject ledger = JsonCodec.parseObject(get("/ledger").body());
        return ((JsonArray) ledger.get("items")).items();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(services.url() + path)).build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> pay(String path, String key, String body)
            throws IOException, InterruptedException {
        return client.send(payment(path, key, body).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder payment(String path, String key, String body) {
        return HttpRequest.newBuilder(URI.create(services.url() + path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + TOKEN)
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body));
    }
}
