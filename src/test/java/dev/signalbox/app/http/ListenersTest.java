package dev.signalbox.app.http;

import static dev.signalbox.support.TestTokens.OPERATOR;
import static dev.signalbox.support.TestTokens.SUBMITTER;
import static dev.signalbox.support.TestTokens.sha256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import dev.signalbox.support.Planes;
import dev.signalbox.support.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Scanner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Two planes on two ports of one application, and a third port for probes: what is on one is not
/// on another, and each carries everything that HTTP has.
@QuarkusTest
class ListenersTest {

    private static final int MEGABYTE = 1024 * 1024;

    enum Plane {
        REQUEST(SUBMITTER, "/v1/test-echo/"),
        OPERATOR(TestTokens.OPERATOR, "/operator/v1/test-echo/");

        private final TestTokens caller;
        private final String echo;

        Plane(TestTokens caller, String echo) {
            this.caller = caller;
            this.echo = echo;
        }

        private URI uri(String path) {
            URI base = this == REQUEST ? Planes.requestUri() : Planes.operatorUri();
            return base.resolve(echo + path);
        }

        private HttpRequest.Builder to(String path) {
            return HttpRequest.newBuilder(uri(path))
                    .header("Authorization", "Bearer " + caller.token());
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/operator/v1/runs",
                "/operator/v1/test-echo/caller",
                "/login",
                "/",
                "/assets/login.css",
                "/q/health",
                "/q/metrics",
                "/v1/../operator/v1/runs",
                "/v1/%2e%2e/operator/v1/runs",
                "//operator/v1/runs"
            })
    void aPathOfAnotherListenerIsNotOnTheRequestPort(String path) throws Exception {
        HttpResponse<String> answer = get(Planes.requestUri(), path, SUBMITTER);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertProblem(answer, "not_found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/runs",
                "/v1/test-echo/caller",
                "/openapi",
                "/a2a",
                "/q/health",
                "/q/metrics",
                "/console/../v1/runs",
                "/console/%2e%2e/v1/runs"
            })
    void aPathOfAnotherListenerIsNotOnTheOperatorPort(String path) throws Exception {
        HttpResponse<String> answer = get(Planes.operatorUri(), path, OPERATOR);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertProblem(answer, "not_found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/runs", "/operator/v1/runs", "/", "/login", "/openapi"})
    void theManagementPortHasProbesOnly(String path) throws Exception {
        HttpResponse<String> answer = get(Planes.managementUri(), path, OPERATOR);

        assertThat(answer.statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/health/live", "/q/health/ready", "/q/health/started", "/q/metrics"})
    void theManagementPortNeedsNoToken(String path) {
        Response answer = Planes.anonymous(Planes.managementUri()).get(path);

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void theRequestPortDescribesTheApiAndWhatItsCommandsAnswer() {
        Response answer = Planes.request(SUBMITTER).get("/openapi?format=json");

        answer.then()
                .statusCode(200)
                .body("paths", hasKey("/v1/runs"))
                .body(
                        "paths.'/operator/v1/jobs/{name}/{action}'.post.responses.keySet()",
                        hasItem("202"))
                .body(
                        "paths.'/operator/v1/jobs/{name}/{action}'.post.responses.keySet()",
                        not(hasItem("200")));
    }

    @ParameterizedTest
    @EnumSource
    void aBodyOfAMegabyteArrivesWhole(Plane plane) throws Exception {
        byte[] body = randomBytes(MEGABYTE);

        HttpResponse<String> answer =
                http.send(upload(plane, BodyPublishers.ofByteArray(body)), BodyHandlers.ofString());

        assertThat(answer.body()).isEqualTo(MEGABYTE + " " + digest(body));
    }

    @ParameterizedTest
    @EnumSource
    void aBodyOfUnknownLengthArrivesWhole(Plane plane) throws Exception {
        byte[] body = randomBytes(MEGABYTE);

        HttpResponse<String> answer =
                http.send(upload(plane, streamed(body)), BodyHandlers.ofString());

        assertThat(answer.body()).isEqualTo(MEGABYTE + " " + digest(body));
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatIsAnnouncedTooLargeIsRefused(Plane plane) throws Exception {
        byte[] body = randomBytes(2 * MEGABYTE);

        Response answer =
                Planes.anonymous(plane.uri(""))
                        .header("Authorization", "Bearer " + plane.caller.token())
                        .contentType("application/octet-stream")
                        .body(body)
                        .post(plane.uri("digest"));

        answer.then().statusCode(413).body("code", equalTo("too_large"));
    }

    /// Clients that send everything before they read have to be able to read.
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 8388608", "Transfer-Encoding: chunked"})
    void aRefusalCanBeReadByThoseWhoSendEverythingFirst(String framing) throws Exception {
        URI plane = Planes.requestUri();
        String chunk = "x".repeat(MEGABYTE);
        boolean chunked = framing.startsWith("Transfer");

        try (Socket socket = new Socket(plane.getHost(), plane.getPort())) {
            Writer out = new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8);
            out.write(
                    """
                    POST /v1/test-echo/digest HTTP/1.1
                    Host: %s
                    Authorization: Bearer %s
                    Content-Type: application/octet-stream
                    %s

                    """
                            .formatted(plane.getAuthority(), SUBMITTER.token(), framing)
                            .replace("\n", "\r\n"));
            for (int megabytes = 0; megabytes < 8; megabytes++) {
                out.write(chunked ? "100000\r\n" + chunk + "\r\n" : chunk);
            }
            out.write(chunked ? "0\r\n\r\n" : "");
            out.flush();
            Scanner answer = new Scanner(socket.getInputStream(), StandardCharsets.UTF_8);

            assertThat(answer.nextLine()).startsWith("HTTP/1.1 413");
            assertThat(answer.findWithinHorizon("application/problem.json", 0)).isNotNull();
            assertThat(answer.findWithinHorizon("too_large", 0)).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void eventsArriveWhileTheStreamGoesOn(Plane plane) throws Exception {
        List<String> events = new ArrayList<>();
        List<Long> arrivals = new ArrayList<>();

        HttpResponse<InputStream> answer =
                http.send(plane.to("ticks").build(), BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data:")) {
                    events.add(line);
                    arrivals.add(System.nanoTime());
                }
            }
        }

        assertThat(events).containsExactly("data:tick 0", "data:tick 1", "data:tick 2");
        assertThat(arrivals.getLast() - arrivals.getFirst()).isGreaterThan(1_000_000_000L);
    }

    @ParameterizedTest
    @EnumSource
    void aFaultOfOursIsNotShown(Plane plane) throws Exception {
        HttpResponse<String> answer =
                http.send(plane.to("broken").build(), BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(500);
        assertProblem(answer, "internal");
        assertThat(answer.body()).doesNotContain("an inner secret", "IllegalState");
    }

    @ParameterizedTest
    @EnumSource
    void aWrongMethodAndAnUnknownPathAreProblems(Plane plane) throws Exception {
        HttpResponse<String> method =
                http.send(plane.to("caller").DELETE().build(), BodyHandlers.ofString());
        HttpResponse<String> path = http.send(plane.to("nowhere").build(), BodyHandlers.ofString());

        assertThat(method.statusCode()).isEqualTo(405);
        assertProblem(method, "method_not_allowed");
        assertThat(path.statusCode()).isEqualTo(404);
        assertProblem(path, "not_found");
    }

    @Test
    void operatorPagesLoadNothingFromElsewhere() {
        Response answer = Planes.anonymous(Planes.operatorUri()).get("/login");

        answer.then()
                .statusCode(200)
                .header("Content-Security-Policy", containsString("default-src 'self'"))
                .header("Content-Security-Policy", containsString("frame-ancestors 'none'"))
                .header("Content-Security-Policy", not(containsString("unsafe")))
                .header("X-Content-Type-Options", equalTo("nosniff"))
                .header("Referrer-Policy", equalTo("same-origin"))
                .header("Cache-Control", equalTo("no-store"));
    }

    private HttpResponse<String> get(URI base, String path, TestTokens caller)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .header("Authorization", "Bearer " + caller.token())
                        .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private static HttpRequest upload(Plane plane, HttpRequest.BodyPublisher body) {
        return plane.to("digest")
                .header("Content-Type", "application/octet-stream")
                .POST(body)
                .build();
    }

    private static HttpRequest.BodyPublisher streamed(byte[] body) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
    }

    private static void assertProblem(HttpResponse<String> answer, String code) {
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/problem+json");
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static String digest(byte[] body) {
        return sha256(body);
    }
}
