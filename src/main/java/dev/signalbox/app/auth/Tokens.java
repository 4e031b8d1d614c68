package dev.signalbox.app.auth;

import dev.signalbox.domain.id.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// Tokens are only ever compared by their digests.
final class Tokens {

    private Tokens() {}

    static String sha256(String token) {
        return Digest.of(token).value().substring("sha256:".length());
    }

    /// Whether two digests are the same, in a time that does not tell how much of them is.
    static boolean same(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }
}
