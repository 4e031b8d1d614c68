package dev.signalbox.app.auth;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Sessions of people in the console. A session is a signed text (who, until when, for which token)
/// in a cookie: nothing is kept here, every operator instance with the same key honours it, and it
/// dies with the token that it was made for.
@ApplicationScoped
class ConsoleSessions {

    static final String COOKIE = "signalbox-session";
    static final Duration LIFETIME = Duration.ofHours(12);

    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final Callers callers;
    private final InstantSource clock;
    private final SecretKeySpec key;

    ConsoleSessions(
            Callers callers,
            InstantSource clock,
            @ConfigProperty(name = "signalbox.data-dir") String dataDirectory,
            @ConfigProperty(name = "signalbox.auth.session-key") Optional<String> configuredKey) {
        this.callers = callers;
        this.clock = clock;
        byte[] bytes =
                configuredKey
                        .map(hex -> HexFormat.of().parseHex(hex))
                        .orElseGet(() -> keptKey(Path.of(dataDirectory).resolve("session.key")));
        this.key = new SecretKeySpec(bytes, ALGORITHM);
    }

    /// The cookie's value for a new session.
    String open(KnownCaller operator) {
        String claims =
                clock.instant().plus(LIFETIME).getEpochSecond()
                        + "."
                        + operator.sha256().substring(0, 16)
                        + "."
                        + operator.name();
        return encode(claims.getBytes(StandardCharsets.UTF_8)) + "." + encode(sign(claims));
    }

    /// Who is behind a cookie's value, if it is a session that is still good.
    Optional<KnownCaller> caller(String cookie) {
        String[] halves = cookie.split("\\.", -1);
        if (halves.length != 2) {
            return Optional.empty();
        }
        try {
            String claims =
                    new String(Base64.getUrlDecoder().decode(halves[0]), StandardCharsets.UTF_8);
            boolean genuine =
                    MessageDigest.isEqual(sign(claims), Base64.getUrlDecoder().decode(halves[1]));
            return genuine ? stillGood(claims) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private Optional<KnownCaller> stillGood(String claims) {
        String[] parts = claims.split("\\.", 3);
        if (parts.length != 3
                || clock.instant().isAfter(Instant.ofEpochSecond(Long.parseLong(parts[0])))) {
            return Optional.empty();
        }
        return callers.operator(parts[2])
                .filter(operator -> operator.sha256().startsWith(parts[1]));
    }

    private byte[] sign(String claims) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(claims.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, impossible);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] keptKey(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            if (!Files.exists(file)) {
                byte[] fresh = new byte[KEY_BYTES];
                new SecureRandom().nextBytes(fresh);
                Files.createFile(
                        file,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
                Files.writeString(file, HexFormat.of().formatHex(fresh));
            }
            return HexFormat.of().parseHex(Files.readString(file).strip());
        } catch (FileAlreadyExistsException _) {
            return keptKey(file);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot keep the session key in " + file, failed);
        }
    }
}
