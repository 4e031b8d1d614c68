package dev.signalbox.app.embedded;

import dev.signalbox.app.EmbeddedPartException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/// The token that example payments need: made once, kept in a file that only its owner reads.
final class ExampleToken {

    private static final int BYTES = 24;

    private ExampleToken() {}

    static String in(Path home) {
        Path file = home.resolve("payments-token");
        try {
            if (Files.notExists(file)) {
                write(file, HexFormat.of().formatHex(random()));
            }
            return Files.readString(file).strip();
        } catch (IOException failed) {
            throw new EmbeddedPartException("cannot keep the payments token in " + file, failed);
        }
    }

    /// Never half-written, and never readable by others, not even for a moment.
    private static void write(Path file, String token) throws IOException {
        Path fresh = file.resolveSibling("payments-token.new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel =
                (FileChannel)
                        Files.newByteChannel(
                                fresh,
                                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString("rw-------")))) {
            channel.write(ByteBuffer.wrap(token.getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static byte[] random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
