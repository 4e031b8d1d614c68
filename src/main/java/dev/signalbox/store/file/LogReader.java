package dev.signalbox.store.file;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads one log file from its beginning.
final class LogReader {

    private static final int BUFFER = 1 << 18;

    private final Path path;
    private final Consumer<byte[]> content;
    private long at;
    private long frames;

    /// @param content is given what each frame holds, in order
    LogReader(Path path, Consumer<byte[]> content) {
        this.path = path;
        this.content = content;
    }

    /// How far a file is good.
    ///
    /// @param header empty if a crash came before the file had one
    /// @param end behind the last frame
    /// @param frames number of the last frame
    /// @param torn whether something follows that is no frame
    record Extent(Optional<LogHeader> header, long end, long frames, boolean torn) {}

    /// Reads the header alone.
    static Optional<LogHeader> header(Path path) throws IOException {
        try (DataInputStream file = open(path)) {
            return LogHeader.read(file);
        }
    }

    /// Reads the frames before `limit`.
    ///
    /// @throws LogDamagedException if sound frames follow one that is not: a torn end has none behind
    ///     it, because the next frame is only written after the one before is on the disk
    Extent read(long limit) throws IOException {
        try (DataInputStream file = open(path)) {
            Optional<LogHeader> header = LogHeader.read(file);
            if (header.isEmpty()) {
                return new Extent(header, 0, 0, true);
            }
            at = LogHeader.LENGTH;
            long size = Math.min(Files.size(path), limit);
            while (at < size) {
                Optional<byte[]> next = next(file, size - at);
                if (next.isEmpty()) {
                    refuseIfMoreFollows(size);
                    return new Extent(header, at, frames, true);
                }
                content.accept(next.get());
                frames++;
                at += Frame.HEADER + next.get().length;
            }
            return new Extent(header, at, frames, false);
        }
    }

    private Optional<byte[]> next(DataInputStream file, long left) throws IOException {
        if (left < Frame.HEADER || file.readInt() != Frame.MAGIC) {
            return Optional.empty();
        }
        long number = file.readLong();
        int length = file.readInt();
        int checksum = file.readInt();
        if (length < 0 || length > Math.min(left - Frame.HEADER, Frame.MAX_CONTENT)) {
            return Optional.empty();
        }
        byte[] read = file.readNBytes(length);
        return number == frames + 1
                        && read.length == length
                        && checksum == Frame.checksum(number, read)
                ? Optional.of(read)
                : Optional.empty();
    }

    private void refuseIfMoreFollows(long size) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long length = Math.min(size - at, Integer.MAX_VALUE);
            ByteBuffer rest = channel.map(MapMode.READ_ONLY, at, length);
            for (int offset = 1; offset < rest.limit(); offset++) {
                if (Frame.soundAt(rest, offset)) {
                    throw new LogDamagedException(
                            path, at, "sound records follow from byte " + (at + offset));
                }
            }
        }
    }

    private static DataInputStream open(Path path) throws IOException {
        return new DataInputStream(new BufferedInputStream(Files.newInputStream(path), BUFFER));
    }
}
