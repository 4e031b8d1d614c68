package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signalbox.support.Caller;
import dev.signalbox.support.Desk;
import dev.signalbox.support.SignalboxProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged application without any other part: neither a database nor a broker, embedded or
/// not.
class WithoutDatabaseIT {

    private static final int A_MOMENT_MILLIS = 300;

    @TempDir private Path directory;

    @Test
    void worksAloneAndCallsNobody() throws IOException {
        try (ServerSocket broker = listening();
                ServerSocket database = listening();
                SignalboxProcess signalbox =
                        alone()
                                .with("AMQP_HOST", "127.0.0.1")
                                .with("AMQP_PORT", Integer.toString(broker.getLocalPort()))
                                .with("QUARKUS_DATASOURCE_REACTIVE_URL", url(database))) {
            signalbox.start();

            JsonNode run = refund(signalbox);

            assertThat(run.path("status").asText()).as(run.toString()).isEqualTo("completed");
            assertNobodyCame(broker);
            assertNobodyCame(database);
        }
    }

    @Test
    void startsNoEmbeddedPartThatItDoesNotNeed() {
        try (SignalboxProcess signalbox = alone().start()) {
            JsonNode run = refund(signalbox);

            assertThat(run.path("status").asText()).as(run.toString()).isEqualTo("completed");
            assertThat(signalbox.data().resolve("postgres")).doesNotExist();
            assertThat(signalbox.data().resolve("artemis")).doesNotExist();
            assertThat(signalbox.terminate()).isIn(0, 143);
            assertThat(signalbox.log().lines().filter(WithoutDatabaseIT::isTrouble)).isEmpty();
        }
    }

    @Test
    void aStoreThatDoesNotExistIsNamed() {
        try (SignalboxProcess signalbox = alone().with("SIGNALBOX_STORE", "paper")) {
            int exitCode = signalbox.launch().awaitEnd();

            assertThat(exitCode).isEqualTo(1);
            assertThat(signalbox.log())
                    .contains("signalbox.store is 'paper'; expected postgres, file or memory")
                    .doesNotContain("\tat ");
        }
    }

    /// A busy machine may make the first call slow, which is not what is asked here.
    private static boolean isTrouble(String line) {
        return (line.contains(" WARN ") || line.contains(" ERROR "))
                && !line.contains("BlockedThreadChecker");
    }

    private SignalboxProcess alone() {
        return new SignalboxProcess(directory.resolve("data"))
                .with("SIGNALBOX_STORE", "memory")
                .with("SIGNALBOX_QUEUE", "memory");
    }

    private static JsonNode refund(SignalboxProcess signalbox) {
        return Caller.submitter(signalbox)
                .post("/v1/runs", Desk.body("refund-agent", "A-20", 20), "Prefer", "wait=30")
                .json();
    }

    private static ServerSocket listening() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static String url(ServerSocket database) {
        return "vertx-reactive:postgresql://127.0.0.1:" + database.getLocalPort() + "/postgres";
    }

    private static void assertNobodyCame(ServerSocket socket) throws IOException {
        socket.setSoTimeout(A_MOMENT_MILLIS);
        assertThatThrownBy(socket::accept).isInstanceOf(SocketTimeoutException.class);
    }
}
