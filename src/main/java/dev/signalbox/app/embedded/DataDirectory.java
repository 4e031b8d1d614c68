package dev.signalbox.app.embedded;

import dev.signalbox.app.EmbeddedPartException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.eclipse.microprofile.config.Config;

/// Where embedded parts keep what must survive a restart.
final class DataDirectory {

    private DataDirectory() {}

    /// The absolute path of `name` below `signalbox.data-dir`; it exists.
    static Path of(Config config, String name) {
        Path directory =
                Path.of(config.getOptionalValue("signalbox.data-dir", String.class).orElse("data"))
                        .toAbsolutePath()
                        .normalize()
                        .resolve(name);
        try {
            return Files.createDirectories(directory);
        } catch (IOException failed) {
            throw new EmbeddedPartException("cannot create the directory " + directory, failed);
        }
    }

    /// Keeps a second process from using `directory` for as long as the channel is open.
    static FileChannel lock(Path directory) {
        Path file = directory.resolveSibling(directory.getFileName() + ".lock");
        try {
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
            channel.close();
        } catch (IOException failed) {
            throw new EmbeddedPartException("cannot lock " + file, failed);
        }
        throw new EmbeddedPartException(
                "another Signalbox uses "
                        + directory.getParent()
                        + ": stop it, or choose another directory with signalbox.data-dir"
                        + " (SIGNALBOX_DATA_DIR)");
    }
}
