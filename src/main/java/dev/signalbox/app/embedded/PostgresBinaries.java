package dev.signalbox.app.embedded;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.signalbox.app.EmbeddedPartException;
import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// The PostgreSQL of this platform, unpacked from the class path into a directory.
final class PostgresBinaries {

    private PostgresBinaries() {}

    /// Unpacks into `directory` unless that was done before; answers its `bin`.
    static Path unpack(Path directory) {
        Path done = directory.resolve(PostgresServer.UNPACKED);
        Path bin = directory.resolve("bin");
        if (Files.exists(done)) {
            return bin;
        }
        try {
            Files.createDirectories(directory);
            // Two processes may share a directory; the second one waits and finds the work done.
            try (FileChannel mutex = FileChannel.open(directory.resolve(".lock"), CREATE, WRITE);
                    FileLock _ = mutex.lock()) {
                if (!Files.exists(done)) {
                    unpackInto(directory);
                    Files.createFile(done);
                }
            }
            return bin;
        } catch (IOException | IllegalStateException failed) {
            throw new EmbeddedPartException(
                    "cannot unpack PostgreSQL for " + system() + " " + machine(), failed);
        }
    }

    private static void unpackInto(Path directory) throws IOException {
        try (InputStream archive =
                        DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system(), machine());
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                unpack(tar, entry, directory);
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path directory)
            throws IOException {
        Path target = directory.resolve(entry.getName()).normalize();
        if (!target.startsWith(directory)) {
            throw new IOException("the archive leaves its directory: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Path parent = Objects.requireNonNull(target.getParent());
        Files.createDirectories(parent);
        Files.deleteIfExists(target);
        if (entry.isSymbolicLink() || entry.isLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, target);
        if (parent.endsWith("bin")) {
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static String system() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.contains("mac") ? "Darwin" : "Linux";
    }

    private static String machine() {
        String name = System.getProperty("os.arch");
        return name.equals("amd64") ? "x86_64" : name;
    }
}
