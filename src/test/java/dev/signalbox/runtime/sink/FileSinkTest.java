package dev.signalbox.runtime.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.runtime.sink.EventContents.Content;
import dev.signalbox.support.Journals;
import dev.signalbox.wire.EventCodec;
import dev.signalbox.wire.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final long LARGE = 1_000_000;
    private static final RunIdentity RUN =
            ((RunEvent.RunSubmitted) Journals.of("greeter", "{}", NOW).history().getFirst().event())
                    .identity();

    @TempDir private Path directory;

    @Test
    void eachEventIsALineThatOnlyTheOwnerReads() throws IOException {
        Path path = directory.resolve("new/events.jsonl");
        FileSink sink = new FileSink(path, LARGE, 1);

        send(sink, 1);
        send(sink, 2);
        sink.close();

        assertThat(Files.readAllLines(path))
                .hasSize(2)
                .allSatisfy(line -> assertThat(JsonCodec.parseObject(line)).isNotNull());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void aLineThatWasCutIsEndedBeforeTheNext() throws IOException {
        Path path = directory.resolve("events.jsonl");
        Files.writeString(path, "{\"cut");
        FileSink sink = new FileSink(path, LARGE, 1);

        send(sink, 1);
        sink.close();

        assertThat(Files.readAllLines(path)).hasSize(2).first().isEqualTo("{\"cut");
    }

    @Test
    void aFullFileGivesWayToAnother() throws IOException {
        Path path = directory.resolve("events.jsonl");
        FileSink sink = new FileSink(path, 10, 2);

        for (int seq = 1; seq <= 5; seq++) {
            send(sink, seq);
        }
        sink.close();

        assertThat(seqs(path)).isEqualTo("/5");
        assertThat(seqs(directory.resolve("events.jsonl.1"))).isEqualTo("/4");
        assertThat(seqs(directory.resolve("events.jsonl.2"))).isEqualTo("/3");
        assertThat(directory.resolve("events.jsonl.3")).doesNotExist();
    }

    @Test
    void whatCannotBeWrittenIsNotTakenAndTheNextAttemptMay() throws IOException {
        Path path = directory.resolve("events.jsonl");
        Files.createDirectory(path);
        FileSink sink = new FileSink(path, LARGE, 1);
        assertThatThrownBy(() -> send(sink, 1)).isNotNull();

        Files.delete(path);
        send(sink, 1);
        sink.close();

        assertThat(Files.readAllLines(path)).hasSize(1);
    }

    private static String seqs(Path path) throws IOException {
        String id = JsonCodec.parseObject(Files.readAllLines(path).getFirst()).get("id").toString();
        return id.substring(id.lastIndexOf('/'), id.lastIndexOf('/') + 2);
    }

    private static void send(FileSink sink, long seq) {
        JournalEntry entry =
                EventCodec.link(
                        RUN.id(), seq, NOW, new RunEvent.RunStarted("w"), JournalEntry.GENESIS);
        sink.send(
                        new OutgoingEvent(
                                RUN,
                                entry,
                                Optional.empty(),
                                new Content(entry.data(), JsonObject.EMPTY)))
                .await()
                .atMost(SOON);
    }
}
