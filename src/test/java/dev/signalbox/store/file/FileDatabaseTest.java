package dev.signalbox.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.store.BusyStores;
import dev.signalbox.store.memory.Change;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileDatabaseTest {

    private static final long NEVER = Long.MAX_VALUE;
    private static final long OFTEN = 5_000;

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(longs = {NEVER, OFTEN})
    void aDirectoryOpensToWhatItWasClosedWith(long growth) {
        List<Change> before;
        try (FileBackend backend = new FileBackend(directory, Disk.FILES, growth)) {
            new BusyStores(backend, new Random(1)).work(300);
            before = everything(backend);
        }

        try (FileBackend backend = new FileBackend(directory, Disk.FILES, growth)) {
            List<Change> after = everything(backend);

            assertThat(after).isEqualTo(before);
            assertThat(before).hasSizeGreaterThan(300);
        }
    }

    /// Work, a crash that tears whatever was not on the disk yet, and again: what was answered is
    /// there, and the log keeps being written anew meanwhile.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aCrashTakesNothingThatWasAnswered(long seed) throws IOException {
        Random random = new Random(seed);
        List<Change> answered = List.of();
        for (int life = 0; life < 6; life++) {
            FailingDisk disk = new FailingDisk(random.nextLong());
            try (FileBackend backend = new FileBackend(directory, disk, OFTEN)) {
                assertThat(everything(backend)).isEqualTo(answered);
                new BusyStores(backend, random).work(60);
                answered = everything(backend);
                disk.crash();
            }
        }
        try (FileBackend backend = new FileBackend(directory, Disk.FILES, OFTEN)) {
            assertThat(everything(backend)).isEqualTo(answered);
        }
    }

    @Test
    void theLogDoesNotGrowForEverOverTheSameRows() {
        try (FileBackend backend = new FileBackend(directory, Disk.FILES, OFTEN)) {
            new BusyStores(backend, new Random(2)).takeAndGiveBack(3_000);
        }

        assertThat(directory)
                .isDirectoryNotContaining(file -> file.toFile().length() > 10 * OFTEN);
    }

    private static List<Change> everything(FileBackend backend) {
        List<Change> all = new ArrayList<>();
        backend.database().stores().everything(all::addAll);
        all.sort(
                Comparator.comparing(Change::table)
                        .thenComparing(Change::key)
                        .thenComparing(change -> change.row().toString()));
        return all;
    }
}
