package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.support.SignalboxProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged application as a process: it starts with nothing but a directory, survives being
/// killed, and leaves nothing running when it is told to end.
class ApplicationProcessIT {

    @TempDir private Path directory;

    @Test
    void comesBackAfterAKillAndEndsInGoodOrder() throws Exception {
        try (SignalboxProcess signalbox = new SignalboxProcess(directory.resolve("data"))) {
            signalbox.start();
            assertThat(status(signalbox.requestUri().resolve("/v1/runs"))).isEqualTo(200);
            signalbox.kill();
            assertThat(postgresOf(signalbox)).isPresent();

            signalbox.start();

            assertThat(status(signalbox.requestUri().resolve("/v1/runs"))).isEqualTo(200);
            signalbox.terminate();
            assertThat(signalbox.isAlive()).isFalse();
            assertThat(postgresOf(signalbox)).isEmpty();
            assertThat(signalbox.log()).doesNotContain(" ERROR ");
        }
    }

    @Test
    void twoOnOneDataDirectoryAreToldApart() {
        Path data = directory.resolve("data");
        try (SignalboxProcess first = new SignalboxProcess(data).start();
                SignalboxProcess second = new SignalboxProcess(data)) {
            int exitCode = second.launch().awaitEnd();

            assertThat(exitCode).isEqualTo(1);
            assertThat(second.log()).contains("another Signalbox uses " + data);
            assertThat(first.isAlive()).isTrue();
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SignalboxProcess signalbox =
                        new SignalboxProcess(directory.resolve("data"))
                                .with(
                                        "SIGNALBOX_OPERATOR_PORT",
                                        Integer.toString(taken.getLocalPort()))) {
            int exitCode = signalbox.launch().awaitEnd();

            assertThat(exitCode).isEqualTo(1);
            assertThat(signalbox.log())
                    .contains("127.0.0.1:" + taken.getLocalPort())
                    .contains("SIGNALBOX_OPERATOR_PORT");
            assertThat(postgresOf(signalbox)).isEmpty();
        }
    }

    @Test
    void aWrongTokensFileIsNamedByItsLine() throws IOException {
        Path tokens = directory.resolve("tokens.yaml");
        Files.writeString(tokens, "- {name: a, sha256: nonsense, plane: request, roles: []}\n");
        try (SignalboxProcess signalbox =
                new SignalboxProcess(directory.resolve("data"))
                        .with("SIGNALBOX_AUTH_TOKENS_FILE", tokens.toString())) {
            int exitCode = signalbox.launch().awaitEnd();

            assertThat(exitCode).isEqualTo(1);
            assertThat(signalbox.log()).contains(tokens + ":1: expected the token's SHA-256");
        }
    }

    private static int status(URI uri) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + SignalboxProcess.REQUEST_TOKEN)
                        .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    /// The PostgreSQL process of that data directory, if it runs.
    private static Optional<ProcessHandle> postgresOf(SignalboxProcess signalbox)
            throws IOException {
        Path pidFile = signalbox.data().resolve("postgres/cluster/postmaster.pid");
        return Files.exists(pidFile)
                ? ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile).getFirst().strip()))
                : Optional.empty();
    }
}
