package dev.signalbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signalbox.support.Caller;
import dev.signalbox.support.Desk;
import dev.signalbox.support.SignalboxProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The script `bin/signalbox` as a process, against the packaged application as another: the main
/// job from a shell.
class CommandLineIT {

    private static final Path SCRIPT = Path.of("bin", "signalbox").toAbsolutePath();
    private static final int STARTS = 8;

    /// What a call may take of the processor at its best. Time on the wall is the machine's affair.
    private static final Duration WELL_UNDER = Duration.ofSeconds(1);

    private static Desk desk;

    private record Outcome(int code, String out, String err) {}

    @BeforeAll
    static void start() {
        desk = Desk.in("command-line");
        desk.process().start();
    }

    @AfterAll
    static void stop() {
        desk.close();
    }

    /// What the script and all that it starts take of the processor.
    private static Duration processorTime(String command) {
        Outcome timed =
                run(
                        List.of(
                                "bash",
                                "-c",
                                "TIMEFORMAT='%U %S'; time \"$0\" \"$1\" > /dev/null",
                                SCRIPT.toString(),
                                command));
        assertThat(timed.code()).as(timed.err()).isZero();
        double seconds =
                Stream.of(timed.err().strip().replace(',', '.').split(" ", -1))
                        .mapToDouble(Double::parseDouble)
                        .sum();
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    private static Outcome signalbox(String... arguments) {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private static Outcome run(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("SIGNALBOX_URL", desk.process().operatorUri().toString());
        builder.environment().put("SIGNALBOX_REQUEST_URL", desk.process().requestUri().toString());
        builder.environment().put("SIGNALBOX_OPERATOR_TOKEN", SignalboxProcess.OPERATOR_TOKEN);
        builder.environment().put("SIGNALBOX_REQUEST_TOKEN", SignalboxProcess.REQUEST_TOKEN);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String out =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String err =
                    new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            return new Outcome(process.exitValue(), out, err);
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static JsonNode json(Outcome outcome) {
        assertThat(outcome.code()).as(outcome.err()).isZero();
        try {
            return Caller.JSON.readTree(outcome.out());
        } catch (IOException malformed) {
            throw new AssertionError(outcome.out(), malformed);
        }
    }

    @Test
    void a_refund_is_asked_for_approved_and_followed_to_its_end() {
        // Given
        Outcome submitted =
                signalbox(
                        "run", "submit", "refund-agent",
                        "--input", "{\"orderId\": \"A-120\", \"amount\": 120}",
                        "--label", "desk=north",
                        "--wait", "60",
                        "-o", "json");
        assertThat(submitted.code()).as(submitted.err()).isEqualTo(6);
        String run = submitted.out().replaceAll("(?s).*?\"id\": \"([^\"]+)\".*", "$1");
        JsonNode approval = null;
        for (JsonNode one : json(signalbox("approvals", "list", "-o", "json"))) {
            approval = one.path("runId").asText().equals(run) ? one : approval;
        }
        assertThat(approval).isNotNull();

        // When
        Outcome approved =
                signalbox(
                        "approvals", "approve", approval.path("id").asText(),
                        "--digest", approval.path("callDigest").asText(),
                        "--reason", "the parcel came back");
        Outcome followed = signalbox("runs", "events", run, "--follow");

        // Then
        assertThat(approved.code()).as(approved.err()).isZero();
        assertThat(followed.code()).as(followed.err()).isZero();
        assertThat(followed.out()).contains("approval_resolved").contains("run_completed");
        assertThat(json(signalbox("runs", "show", run, "-o", "json")).path("status").asText())
                .isEqualTo("completed");
        assertThat(desk.payments("A-120")).hasSize(1);
    }

    @Test
    void it_starts_fast_and_without_the_application() {
        // Given: the first use leaves the archive of classes behind
        signalbox("overview");

        // When
        List<Duration> starts = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            starts.add(processorTime("overview"));
        }

        // Then
        System.out.println("signalbox overview, processor time: " + starts.stream().sorted().toList());
        assertThat(starts.stream().sorted().findFirst().orElseThrow()).isLessThan(WELL_UNDER);
        assertThat(Path.of("target", "cli").toFile().list())
                .filteredOn(name -> name.endsWith(".jar"))
                .containsExactlyInAnyOrder(
                        "picocli.jar", "jackson-core.jar", "signalbox-0.1.0-SNAPSHOT-cli.jar");
    }

    @Test
    void wrong_use_and_unknown_things_have_their_exit_codes() {
        assertThat(signalbox("runs", "list", "--limit", "many").code()).isEqualTo(2);
        assertThat(signalbox("runs", "show", "01890000-0000-7000-8000-000000000000").code())
                .isEqualTo(3);
        assertThat(signalbox("overview", "--token", "unknown").code()).isEqualTo(4);
        assertThat(signalbox("overview", "--url", "http://127.0.0.1:1").code()).isEqualTo(5);
        assertThat(signalbox("--version").out()).contains("0.1.0");
    }
}
