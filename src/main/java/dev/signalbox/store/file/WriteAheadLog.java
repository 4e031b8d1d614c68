package dev.signalbox.store.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Lines of text in a directory, which are there for good once [#durable(long)] says so.
///
/// The directory holds one snapshot at most, and the log files behind it: `snapshot-N` says what the
/// log files before N said, in fewer lines, and `log-N`, `log-(N+1)`, … go on from there.
final class WriteAheadLog implements AutoCloseable {

    private static final Logger LOG = System.getLogger(WriteAheadLog.class.getName());

    private static final Pattern NAME = Pattern.compile("(log|snapshot)-(\\d{12})");

    private final Path directory;
    private final Disk disk;
    private final LogLock lock;
    private final LogWriter writer;

    /// Opens the directory, makes it if need be, and hands every line that it holds to `lines`.
    ///
    /// @throws IllegalStateException if another process has it open
    /// @throws LogDamagedException if it has lost something that it had promised to keep
    WriteAheadLog(Path directory, Disk disk, Consumer<String> lines) {
        this.directory = directory;
        this.disk = disk;
        try {
            makeForOwnerAlone(directory);
            lock = LogLock.of(directory);
            try {
                writer = recovered(lines);
            } catch (IOException | RuntimeException failure) {
                lock.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// What runs are given and find out is nobody else's business.
    private static void makeForOwnerAlone(Path directory) throws IOException {
        Files.createDirectories(directory);
        if (Files.getFileStore(directory).supportsFileAttributeView(PosixFileAttributeView.class)) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
    }

    long append(String line) {
        return writer.append(line);
    }

    long position() {
        return writer.position();
    }

    CompletableFuture<Void> durable(long position) {
        return writer.durable(position);
    }

    Optional<String> trouble() {
        return writer.trouble();
    }

    /// Replaces everything that was appended before this call by what `state` writes. What is
    /// appended since the call is kept behind it, so it may write of any moment since then.
    void compact(Consumer<Consumer<String>> state) throws IOException {
        long number = writer.turn().join();
        Path temporary = directory.resolve("snapshot.tmp");
        try (Disk.Writing file = disk.create(temporary)) {
            file.write(new LogHeader(number, 0).bytes());
            Snapshot.Writer lines = new Snapshot.Writer(file);
            state.accept(lines::add);
            lines.end();
            file.force();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
        Files.move(temporary, snapshot(number), StandardCopyOption.ATOMIC_MOVE);
        Disk.remember(temporary);
        removeOlderThan(number);
    }

    /// Bytes of log files behind the snapshot, and of the snapshot.
    Sizes sizes() {
        try {
            return measured();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Sizes measured() throws IOException {
        long log = 0;
        long snapshot = 0;
        for (Path path : paths()) {
            Matcher name = NAME.matcher(path.getFileName().toString());
            if (name.matches()) {
                long size = Files.size(path);
                log += name.group(1).equals("log") ? size : 0;
                snapshot += name.group(1).equals("log") ? 0 : size;
            }
        }
        return new Sizes(log, snapshot);
    }

    record Sizes(long log, long snapshot) {}

    /// Writes what waits, if the disk takes it, and takes nothing more.
    void stop() {
        writer.close();
    }

    @Override
    public void close() {
        stop();
        lock.close();
    }

    private LogWriter recovered(Consumer<String> lines) throws IOException {
        Files.deleteIfExists(directory.resolve("snapshot.tmp"));
        OptionalLong snapshot = numbers("snapshot").max();
        if (snapshot.isPresent()) {
            readSnapshot(snapshot.getAsLong(), lines);
            removeOlderThan(snapshot.getAsLong());
        }
        removeWithoutHeader();
        List<Long> files = numbers("log").sorted().boxed().toList();
        long expected = snapshot.orElse(1);
        long end = 0;
        for (int i = 0; i < files.size(); i++) {
            Path path = log(files.get(i));
            if (files.get(i) != expected) {
                throw new LogDamagedException(log(expected), 0, "the file is missing");
            }
            end = replay(path, i + 1 < files.size() ? before(files.get(i + 1)) : -1, lines);
            expected++;
        }
        if (files.isEmpty() && snapshot.isPresent()) {
            throw new LogDamagedException(log(expected), 0, "the file is missing");
        }
        return new LogWriter(disk, this::log, expected - 1, end);
    }

    private long before(long number) throws IOException {
        return LogReader.header(log(number)).map(LogHeader::before).orElseThrow();
    }

    /// @param limit how many of its bytes count, as the next file says; negative if it is the last
    private static long replay(Path path, long limit, Consumer<String> lines) throws IOException {
        LogReader.Extent extent =
                new LogReader(path, content -> split(content, lines))
                        .read(limit < 0 ? Long.MAX_VALUE : limit);
        if (limit >= 0 && extent.end() != limit) {
            throw new LogDamagedException(path, extent.end(), limit + " bytes had been written");
        }
        if (limit < 0 && extent.torn()) {
            LOG.log(
                    Level.WARNING,
                    "{0}: what a crash left unfinished behind byte {1} is dropped; nobody had"
                            + " heard of it",
                    path.getFileName(),
                    Long.toString(extent.end()));
        }
        return extent.end();
    }

    private void readSnapshot(long number, Consumer<String> lines) throws IOException {
        Path path = snapshot(number);
        Snapshot.Reader counted = new Snapshot.Reader(lines);
        LogReader.Extent extent =
                new LogReader(path, content -> split(content, counted::add)).read(Long.MAX_VALUE);
        if (extent.torn() || !counted.complete()) {
            throw new LogDamagedException(path, extent.end(), "the snapshot is not whole");
        }
    }

    private static void split(byte[] content, Consumer<String> lines) {
        new String(content, StandardCharsets.UTF_8).lines().forEach(lines);
    }

    /// A file whose first bytes never reached the disk holds nothing; only the newest can be one.
    private void removeWithoutHeader() throws IOException {
        OptionalLong newest = numbers("log").max();
        if (newest.isEmpty()) {
            return;
        }
        Path path = log(newest.getAsLong());
        if (LogReader.header(path).isEmpty()) {
            long size = Files.size(path);
            if (size > LogHeader.LENGTH) {
                throw new LogDamagedException(path, 0, "the file has no header");
            }
            Files.delete(path);
            Disk.remember(path);
        }
    }

    private void removeOlderThan(long number) throws IOException {
        for (Path path : paths()) {
            Matcher name = NAME.matcher(path.getFileName().toString());
            if (name.matches() && Long.parseLong(name.group(2)) < number) {
                Files.delete(path);
            }
        }
    }

    private LongStream numbers(String kind) throws IOException {
        return paths().stream()
                .map(path -> NAME.matcher(path.getFileName().toString()))
                .filter(name -> name.matches() && name.group(1).equals(kind))
                .mapToLong(name -> Long.parseLong(name.group(2)));
    }

    private List<Path> paths() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    private Path log(long number) {
        return directory.resolve("log-%012d".formatted(number));
    }

    private Path snapshot(long number) {
        return directory.resolve("snapshot-%012d".formatted(number));
    }
}
