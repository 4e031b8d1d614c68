package dev.signalbox.app.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.wire.JsonCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A payment whose answer a `kill -9` swallowed was made, and its key does not pay again.
class ExampleServicesKillTest {

    @TempDir private Path data;
    private final HttpClient client = HttpClient.newHttpClient();
    private Process process;
    private String url;

    @AfterEach
    void stop() {
        process.destroyForcibly();
        client.shutdownNow();
    }

    @Test
    void keyPaysOnceAcrossAKill() throws Exception {
        startProcess();
        CompletableFuture<?> swallowed = client.sendAsync(refund(), BodyHandlers.ofString());
        Path ledger = data.resolve("examples/payments.jsonl");
        Awaitility.await().until(() -> Files.readString(ledger).contains("S-20"));

        process.destroyForcibly().waitFor();

        startProcess();
        String answer = client.send(refund(), BodyHandlers.ofString()).body();
        assertThat(swallowed).failsWithin(Duration.ofSeconds(5));
        assertThat(answer).contains("P-1");
        assertThat(ledger())
                .singleElement()
                .extracting(payment -> ((JsonObject) payment).get("calls"))
                .isEqualTo(Json.number(2));
    }

    private void startProcess() throws IOException {
        process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-Dsignalbox.data-dir=" + data,
                                ExampleServicesMain.class.getName())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        BufferedReader output = process.inputReader();
        url = output.readLine();
        assertThat(url).startsWith("http://127.0.0.1:");
    }

    private HttpRequest refund() throws IOException {
        String token = Files.readString(data.resolve("examples/payments-token"));
        return HttpRequest.newBuilder(URI.create(url + "/refunds"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .header("Idempotency-Key", "run-t1")
                .POST(BodyPublishers.ofString("{\"orderId\":\"S-20\",\"amount\":20}"))
                .build();
    }

    private List<Json> ledger() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/ledger")).build();
        String body = client.send(request, BodyHandlers.ofString()).body();
        return ((JsonArray) JsonCodec.parseObject(body).get("items")).items();
    }
}
