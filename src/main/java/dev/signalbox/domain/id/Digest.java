package dev.signalbox.domain.id;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// The SHA-256 of a text, written `sha256:` and 64 lower-case hexadecimal digits.
public record Digest(String value) {

    private static final String PREFIX = "sha256:";
    private static final int LENGTH = PREFIX.length() + 64;

    public Digest {
        if (!isDigest(value)) {
            throw new IllegalArgumentException(
                    "a digest is 'sha256:' and 64 lower-case hexadecimal digits");
        }
    }

    /// The digest that `text` is, if it is one.
    public static Optional<Digest> find(String text) {
        return isDigest(text) ? Optional.of(new Digest(text)) : Optional.empty();
    }

    /// The digest whose 32 bytes are these.
    public static Digest ofBytes(byte[] bytes) {
        return ofHex(HexFormat.of().formatHex(bytes));
    }

    /// The digest whose 64 digits are these.
    public static Digest ofHex(String hex) {
        return new Digest(PREFIX + hex);
    }

    /// Digest of `text` in UTF-8.
    public static Digest of(String text) {
        try {
            return ofBytes(
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /// The 64 digits alone.
    public String hex() {
        return value.substring(PREFIX.length());
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(value, PREFIX.length(), value.length());
    }

    private static boolean isDigest(String text) {
        return text.length() == LENGTH
                && text.startsWith(PREFIX)
                && isLowerHex(text, PREFIX.length());
    }

    private static boolean isLowerHex(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char character = text.charAt(i);
            if ((character < '0' || character > '9') && (character < 'a' || character > 'f')) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return value;
    }
}
