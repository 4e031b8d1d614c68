package dev.signalbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.signalbox.support.AmqpPeer;
import dev.signalbox.support.Caller;
import dev.signalbox.support.Desk;
import dev.signalbox.support.SignalboxProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sinks of the packaged application, which is killed while it delivers.
class SinksIT {

    private static final int RUNS = 40;
    private static final int KILLS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir private Path directory;

    @Test
    void aKillLosesNoEventAndKeepsTheOrderOfEachRun() {
        // Given
        Path file = directory.resolve("events.jsonl");
        try (SignalboxProcess signalbox =
                new SignalboxProcess(directory.resolve("data"))
                        .with("SIGNALBOX_STORE", "file")
                        .with("SIGNALBOX_QUEUE", "memory")
                        .with("SIGNALBOX_SINKS_AUDIT_KIND", "file")
                        .with("SIGNALBOX_SINKS_AUDIT_PATH", file.toString())
                        .start()) {
            List<String> runs = new ArrayList<>();

            // When
            for (int kill = 0; kill < KILLS; kill++) {
                runs.addAll(submitted(signalbox, kill));
                await().atMost(PATIENCE).until(() -> Files.exists(file) && Files.size(file) > 0);
                signalbox.kill();
                signalbox.start();
            }

            // Then
            for (String run : runs) {
                await().atMost(PATIENCE).until(() -> status(signalbox, run), "completed"::equals);
                int head = head(signalbox, run);
                List<Integer> all =
                        await().atMost(PATIENCE)
                                .until(() -> seqs(file, run), seqs -> seqs.contains(head));
                assertThat(new TreeSet<>(all)).hasSize(head).first().isEqualTo(1);
                assertThat(firstTimes(all)).isSorted();
            }
        }
    }

    @Test
    void theEmbeddedBrokerHasTheEventsOfRunsFromTheStart() throws Exception {
        try (Desk desk = Desk.in("sinks")) {
            // Given
            desk.process().start();
            try (AmqpPeer peer = new AmqpPeer(desk.process().amqpPort())) {
                // When
                String run = desk.submit("refund-agent", "A-20", 20);

                // Then
                AmqpPeer.Mailbox mailbox = peer.mailbox("signalbox.run-events");
                List<String> types = new ArrayList<>();
                while (!types.contains("dev.signalbox.run.completed")) {
                    JsonNode event =
                            Caller.JSON.readTree(
                                    AmqpPeer.body(
                                            mailbox.next(
                                                    message ->
                                                            AmqpPeer.body(message).contains(run))));
                    types.add(event.path("type").asText());
                }
                assertThat(types)
                        .containsExactly(
                                "dev.signalbox.run.started", "dev.signalbox.run.completed");
            }
        }
    }

    private static List<String> submitted(SignalboxProcess signalbox, int round) {
        return IntStream.range(0, RUNS)
                .mapToObj(
                        number ->
                                Caller.submitter(signalbox)
                                        .post(
                                                "/v1/runs",
                                                Desk.body("refund-agent", "A-20", 20),
                                                "Idempotency-Key",
                                                round + "-" + number)
                                        .at("/id"))
                .toList();
    }

    private static String status(SignalboxProcess signalbox, String run) {
        return Caller.submitter(signalbox).get("/v1/runs/" + run).at("/status");
    }

    private static int head(SignalboxProcess signalbox, String run) {
        return Caller.submitter(signalbox).get("/v1/runs/" + run).json().path("headSeq").asInt();
    }

    /// The places of the run's events in the order of the file; a line that a kill has cut is none.
    private static List<Integer> seqs(Path file, String run) {
        try {
            List<Integer> seqs = new ArrayList<>();
            for (String line : Files.readAllLines(file)) {
                if (line.contains(run)) {
                    whole(line).ifPresent(event -> seqs.add(event.at("/data/seq").asInt()));
                }
            }
            return seqs;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Optional<JsonNode> whole(String line) {
        try {
            return Optional.of(Caller.JSON.readTree(line));
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }

    private static List<Integer> firstTimes(List<Integer> seqs) {
        Set<Integer> seen = new TreeSet<>();
        return seqs.stream().filter(seen::add).toList();
    }
}
