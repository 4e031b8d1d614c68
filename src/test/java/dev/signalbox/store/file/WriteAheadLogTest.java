package dev.signalbox.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteAheadLogTest {

    @TempDir private Path directory;

    private final List<String> read = new ArrayList<>();

    @Test
    void whatWasAppendedComesBackInOrder() {
        try (WriteAheadLog log = open(Disk.FILES)) {
            appended(log, 0, 1_000).join();
        }
        try (WriteAheadLog log = open(Disk.FILES)) {
            appended(log, 1_000, 10).join();
        }

        List<String> lines = reopened();

        assertThat(lines).isEqualTo(lines(0, 1_010));
    }

    @Test
    void whatWaitsForTheDiskIsOneWrite() throws InterruptedException {
        FailingDisk disk = new FailingDisk(1);
        try (WriteAheadLog log = open(disk)) {
            CountDownLatch inForce = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            disk.onForce(
                    () -> {
                        inForce.countDown();
                        uninterrupted(goOn);
                    });
            CompletableFuture<Void> first = appended(log, 0, 1);
            inForce.await();
            int before = disk.forces();
            CompletableFuture<Void> others = appended(log, 1, 500);
            disk.onForce(() -> {});

            goOn.countDown();
            others.join();

            assertThat(first).isCompleted();
            assertThat(disk.forces() - before).isEqualTo(2);
        }
    }

    @Test
    void nothingIsDurableBeforeTheDiskHasIt() throws InterruptedException {
        FailingDisk disk = new FailingDisk(1);
        CountDownLatch inForce = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (WriteAheadLog log = open(disk)) {
            disk.onForce(
                    () -> {
                        inForce.countDown();
                        uninterrupted(goOn);
                    });

            CompletableFuture<Void> written = appended(log, 0, 1);

            inForce.await();
            assertThat(written).isNotDone();
            assertThat(log.durable(log.position())).isNotDone();
            goOn.countDown();
            written.join();
        }
    }

    /// Random work, random crashes: the log opens to a beginning of what was appended, which holds
    /// everything that anybody was told is durable.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void aCrashTakesNothingThatWasPromised(long seed) throws IOException {
        Random random = new Random(seed);
        List<String> all = new ArrayList<>();
        for (int life = 0; life < 25; life++) {
            FailingDisk disk = new FailingDisk(random.nextLong());
            int promised = all.size();
            try (WriteAheadLog log = open(disk)) {
                assertThat(read).isEqualTo(all);
                promised = busy(log, random, all);
                disk.crash();
            }
            List<String> lines = reopened();
            assertThat(lines).hasSizeBetween(promised, all.size());
            assertThat(lines).isEqualTo(all.subList(0, lines.size()));
            all.subList(lines.size(), all.size()).clear();
        }
    }

    /// Answers how many lines were said to be durable.
    private static int busy(WriteAheadLog log, Random random, List<String> all) {
        int promised = all.size();
        CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        for (int turn = random.nextInt(30); turn > 0; turn--) {
            int count = 1 + random.nextInt(20);
            for (String line : lines(all.size(), count)) {
                log.append(line);
                all.add(line);
            }
            last = log.durable(log.position());
            if (random.nextInt(3) == 0) {
                last.join();
                promised = all.size();
            }
            if (random.nextInt(10) == 0) {
                compacted(log, all);
            }
        }
        return last.isDone() ? all.size() : promised;
    }

    @Test
    void aDiskThatFailsIsTriedAgainAndLosesNothing() {
        FailingDisk disk = new FailingDisk(3);
        try (WriteAheadLog log = open(disk)) {
            appended(log, 0, 5).join();
            disk.fail(3);

            CompletableFuture<Void> written = appended(log, 5, 5);

            await().untilAsserted(() -> assertThat(log.trouble()).isPresent());
            assertThat(written).isNotDone();
            written.join();
            await().untilAsserted(() -> assertThat(log.trouble()).isEmpty());
            appended(log, 10, 5).join();
        }
        assertThat(reopened()).isEqualTo(lines(0, 15));
    }

    @Test
    void aLogThatClosesOnADeadDiskSaysSoToThoseWhoWait() throws IOException {
        FailingDisk disk = new FailingDisk(4);
        WriteAheadLog log = open(disk);
        appended(log, 0, 1).join();
        disk.crash();
        CompletableFuture<Void> written = appended(log, 1, 1);

        log.close();

        assertThat(written).isCompletedExceptionally();
        assertThat(reopened()).isEqualTo(lines(0, 1));
    }

    @Test
    void compactingReplacesWhatCameBefore() throws IOException {
        try (WriteAheadLog log = open(Disk.FILES)) {
            appended(log, 0, 1_000).join();

            compacted(log, List.of("all of it"));

            appended(log, 1_000, 2).join();
            assertThat(log.sizes().log()).isLessThan(200);
        }
        assertThat(reopened()).containsExactly("all of it", "line 1000", "line 1001");
    }

    @Test
    void aSnapshotThatWasNotFinishedIsAsIfNever() throws IOException {
        try (WriteAheadLog log = open(Disk.FILES)) {
            appended(log, 0, 10).join();
            assertThatThrownBy(
                            () ->
                                    log.compact(
                                            lines -> {
                                                lines.accept("some of it");
                                                throw new UncheckedIOException(
                                                        new IOException("no space"));
                                            }))
                    .isInstanceOf(IOException.class);
            appended(log, 10, 1).join();
        }
        assertThat(directory.resolve("snapshot.tmp")).exists();
        assertThat(reopened()).isEqualTo(lines(0, 11));
        assertThat(directory.resolve("snapshot.tmp")).doesNotExist();
    }

    @Test
    void oneProcessAtATime() {
        try (WriteAheadLog _ = open(Disk.FILES)) {
            assertThatThrownBy(this::reopened)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another process");
        }
        assertThat(reopened()).isEmpty();
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void nobodyElseReadsTheDirectory() throws IOException {
        assertThat(reopened()).isEmpty();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
    }

    @Test
    void aByteThatChangedInTheMiddleIsDamage() throws IOException {
        try (WriteAheadLog log = open(Disk.FILES)) {
            appended(log, 0, 1).join();
            appended(log, 1, 1).join();
        }
        flip(newest("log-"), LogHeader.LENGTH + Frame.HEADER);

        assertThatThrownBy(this::reopened)
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining("damaged at byte " + LogHeader.LENGTH);
    }

    @Test
    void aByteThatChangedInAnOlderFileIsDamageWhereverItIs() throws IOException {
        try (WriteAheadLog log = open(Disk.FILES)) {
            appended(log, 0, 1).join();
        }
        Path first = newest("log-");
        assertThat(reopened()).hasSize(1);
        flip(first, Files.size(first) - 3);

        assertThatThrownBy(this::reopened).isInstanceOf(LogDamagedException.class);
    }

    @Test
    void aFileThatIsMissingIsDamage() throws IOException {
        try (WriteAheadLog log = open(Disk.FILES)) {
            appended(log, 0, 1).join();
        }
        Path first = newest("log-");
        assertThat(reopened()).hasSize(1);
        Files.delete(first);

        assertThatThrownBy(this::reopened)
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void aSnapshotThatChangedIsDamage() throws IOException {
        try (WriteAheadLog log = open(Disk.FILES)) {
            compacted(log, lines(0, 100));
        }
        Path snapshot = newest("snapshot-");
        flip(snapshot, Files.size(snapshot) - 1);

        assertThatThrownBy(this::reopened).isInstanceOf(LogDamagedException.class);
    }

    private WriteAheadLog open(Disk disk) {
        read.clear();
        return new WriteAheadLog(directory, disk, read::add);
    }

    private List<String> reopened() {
        try (WriteAheadLog _ = open(Disk.FILES)) {
            return List.copyOf(read);
        }
    }

    private static List<String> lines(int from, int count) {
        return IntStream.range(from, from + count).mapToObj(i -> "line " + i).toList();
    }

    private static CompletableFuture<Void> appended(WriteAheadLog log, int from, int count) {
        lines(from, count).forEach(log::append);
        return log.durable(log.position());
    }

    private static void compacted(WriteAheadLog log, List<String> lines) {
        try {
            log.compact(lines::forEach);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Path newest(String kind) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(path -> path.getFileName().toString().startsWith(kind))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    private static void flip(Path file, long at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) at] ^= 1;
        Files.write(file, bytes, StandardOpenOption.TRUNCATE_EXISTING);
    }

    private static void uninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
