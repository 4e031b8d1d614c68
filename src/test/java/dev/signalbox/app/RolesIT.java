package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.support.Caller;
import dev.signalbox.support.SignalboxProcess;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The packaged application with some of its roles: what is off opens no port.
class RolesIT {

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({"request, 200, 0", "runtime, 0, 0", "operator, 0, 200"})
    void onlyTheListenersOfItsRolesAreOpen(String roles, int requests, int operator) {
        try (SignalboxProcess signalbox = alone().with("SIGNALBOX_ROLES", roles).start()) {
            assertThat(status(Caller.submitter(signalbox), "/v1/runs")).isEqualTo(requests);
            assertThat(status(Caller.operator(signalbox), "/operator/v1/runs")).isEqualTo(operator);
            assertThat(status(Caller.submitter(signalbox), "/operator/v1/runs"))
                    .isEqualTo(requests == 0 ? 0 : 404);
            assertThat(status(Caller.operator(signalbox), "/v1/runs"))
                    .isEqualTo(operator == 0 ? 0 : 404);
            assertThat(
                            new Caller(signalbox.managementUri(), Optional.empty())
                                    .get("/q/health")
                                    .status())
                    .isEqualTo(200);
            assertThat(signalbox.log()).doesNotContain(" WARN ", " ERROR ");
        }
    }

    @ParameterizedTest
    @CsvSource({"'request,worker', names 'worker'", "',', names no role"})
    void aMistakeIsSaidBeforeAnythingIsStarted(String roles, String said) {
        try (SignalboxProcess signalbox =
                new SignalboxProcess(directory.resolve("data")).with("SIGNALBOX_ROLES", roles)) {
            int exitCode = signalbox.launch().awaitEnd();

            assertThat(exitCode).isEqualTo(1);
            assertThat(signalbox.log())
                    .contains(
                            "signalbox.roles "
                                    + said
                                    + "; expected one or more of request, runtime, operator")
                    .doesNotContain("\tat ");
            assertThat(signalbox.data().resolve("postgres")).doesNotExist();
        }
    }

    @Test
    void aProcessWithoutAPlaneNeedsNoTokens() {
        try (SignalboxProcess signalbox =
                alone().with("SIGNALBOX_ROLES", "runtime")
                        .with("SIGNALBOX_EMBEDDED_ENABLED", "false")
                        .with("SIGNALBOX_REQUEST_TOKEN", "")
                        .with("SIGNALBOX_OPERATOR_TOKEN", "")
                        .with("ORDERS_URL", "http://127.0.0.1:1")
                        .with("PAYMENTS_URL", "http://127.0.0.1:1")
                        .start()) {
            assertThat(signalbox.data().resolve("tokens.txt")).doesNotExist();
        }
    }

    private SignalboxProcess alone() {
        return new SignalboxProcess(directory.resolve("data"))
                .with("SIGNALBOX_STORE", "memory")
                .with("SIGNALBOX_QUEUE", "memory");
    }

    /// The status of the answer, or 0 if nobody listens.
    private static int status(Caller caller, String path) {
        try {
            return caller.get(path).status();
        } catch (UncheckedIOException failed) {
            assertThatThrownBy(
                            () -> {
                                throw failed.getCause();
                            })
                    .isInstanceOf(ConnectException.class);
            return 0;
        }
    }
}
