package dev.signalbox.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Where log files are written.
interface Disk {

    /// Begins a file, over whatever has its name, and makes the directory keep the name.
    Writing create(Path path) throws IOException;

    /// A file that is being written.
    interface Writing extends AutoCloseable {

        void write(ByteBuffer bytes) throws IOException;

        /// Returns when everything written is on the disk.
        void force() throws IOException;

        @Override
        void close() throws IOException;
    }

    /// The file system's.
    Disk FILES =
            path -> {
                FileChannel channel =
                        FileChannel.open(
                                path,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE);
                remember(path);
                return new Channel(channel);
            };

    /// Makes the directory keep what was named, renamed or removed in it.
    static void remember(Path path) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
                names.force(true);
            }
        }
    }

    /// A file channel.
    record Channel(FileChannel channel) implements Writing {

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                int _ = channel.write(bytes);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
