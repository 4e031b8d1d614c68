package dev.signalbox.runtime.sink;

import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// A file of JSON lines that only its owner can read. A full one becomes `NAME.1`, that one `NAME.2`,
/// and so on.
///
/// Guarantee: an event is on the disk before it counts as delivered. A line that a crash or a full
/// disk has cut is ended before the next one begins.
final class FileSink implements EventSink {

    private final Path path;
    private final long maxSize;
    private final int keep;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
    private @Nullable FileChannel file;

    FileSink(Path path, long maxSize, int keep) {
        this.path = path.toAbsolutePath();
        this.maxSize = maxSize;
        this.keep = keep;
    }

    @Override
    public Uni<Void> send(OutgoingEvent event) {
        return Uni.createFrom()
                .voidItem()
                .emitOn(thread)
                .invoke(() -> write(event.json() + "\n"));
    }

    private void write(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        try {
            FileChannel open = file == null ? open() : file;
            if (open.size() > 0 && open.size() + bytes.length > maxSize) {
                open.close();
                file = null;
                rotate();
                open = open();
            }
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                open.write(left);
            }
            open.force(false);
        } catch (IOException failure) {
            drop();
            throw new UncheckedIOException(failure);
        }
    }

    /// What has failed is opened anew the next time.
    private void drop() {
        FileChannel broken = file;
        file = null;
        if (broken != null) {
            try {
                broken.close();
            } catch (IOException alsoBroken) {
                throw new UncheckedIOException(alsoBroken);
            }
        }
    }

    private FileChannel open() throws IOException {
        Path directory = path.getParent();
        if (directory != null) {
            Files.createDirectories(directory, onlyOwner("rwx------"));
        }
        FileChannel open =
                FileChannel.open(
                        path,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.APPEND),
                        onlyOwner("rw-------"));
        file = open;
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        if (endsWithinALine()) {
            open.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
        return open;
    }

    private boolean endsWithinALine() throws IOException {
        try (FileChannel written = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return written.size() > 0
                    && written.read(last, written.size() - 1) == 1
                    && last.get(0) != '\n';
        }
    }

    private static FileAttribute<?> onlyOwner(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    private void rotate() throws IOException {
        for (int number = keep; number > 0; number--) {
            Path older = number == 1 ? path : numbered(number - 1);
            if (Files.exists(older)) {
                Files.move(older, numbered(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (keep == 0) {
            Files.delete(path);
        }
    }

    private Path numbered(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    @Override
    public void close() {
        thread.close();
        drop();
    }
}
