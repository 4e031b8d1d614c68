package dev.signalbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signalbox.support.Caller;
import dev.signalbox.support.Desk;
import dev.signalbox.support.SignalboxProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged application over a directory, and nothing else.
class FileStoreIT {

    private static final int RUNS = 30;
    private static final int ACCEPTED = 202;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir private Path directory;

    @Test
    void aKillLosesNoRunAndNoKey() {
        try (SignalboxProcess signalbox = alone().start()) {
            List<String> submitted = submitted(signalbox);

            signalbox.kill();
            signalbox.start();

            assertThat(submitted(signalbox)).isEqualTo(submitted);
            for (String run : submitted) {
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(status(signalbox, run)).isEqualTo("completed"));
            }
        }
    }

    @Test
    void oneProcessHasTheDirectory() {
        try (SignalboxProcess first = alone().start();
                SignalboxProcess second = alone()) {
            int exitCode = second.launch().awaitEnd();

            assertThat(exitCode).isEqualTo(1);
            assertThat(second.log())
                    .containsPattern("another (Signalbox uses|process has the store)");
            assertThat(submitted(first)).hasSize(RUNS);
        }
    }

    @Test
    void damageKeepsItFromStartingAndIsNamed() throws IOException {
        try (SignalboxProcess signalbox = alone().start()) {
            submitted(signalbox);
            signalbox.kill();
            Path log = signalbox.data().resolve("store/log-000000000001");
            byte[] bytes = Files.readAllBytes(log);
            bytes[bytes.length / 2] ^= 1;
            Files.write(log, bytes);

            int exitCode = signalbox.launch().awaitEnd();

            assertThat(exitCode).isEqualTo(1);
            assertThat(signalbox.log())
                    .contains("Signalbox cannot start: " + log + " is damaged at byte");
        }
    }

    private SignalboxProcess alone() {
        return new SignalboxProcess(directory.resolve("data"))
                .with("SIGNALBOX_STORE", "file")
                .with("SIGNALBOX_QUEUE", "memory");
    }

    private static List<String> submitted(SignalboxProcess signalbox) {
        return IntStream.range(0, RUNS)
                .mapToObj(number -> submitted(signalbox, "request-" + number))
                .toList();
    }

    private static String submitted(SignalboxProcess signalbox, String key) {
        Caller.Answer answer =
                Caller.submitter(signalbox)
                        .post(
                                "/v1/runs",
                                Desk.body("refund-agent", "A-20", 20),
                                "Idempotency-Key",
                                key);
        assertThat(answer.status()).as(answer.text()).isEqualTo(ACCEPTED);
        return answer.at("/id");
    }

    private static String status(SignalboxProcess signalbox, String run) {
        return Caller.operator(signalbox).get("/operator/v1/runs/" + run).at("/status");
    }
}
