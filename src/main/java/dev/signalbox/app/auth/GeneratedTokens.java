package dev.signalbox.app.auth;

import dev.signalbox.domain.audit.Actor.Plane;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One token per plane for the embedded default: made at the first start, kept in `tokens.txt`, or
/// set from outside.
///
/// @param file where they are kept
/// @param request for the request surface
/// @param operator for the operator plane
public record GeneratedTokens(Path file, String request, String operator) {

    private static final int TOKEN_BYTES = 24;
    private static final List<String> OPERATOR_ROLES =
            List.of("viewer", "approver", "operator", "auditor", "support-lead");

    /// The tokens of `file`, made now if it is not there; a token set from outside wins.
    static GeneratedTokens of(Path file, Optional<String> request, Optional<String> operator) {
        Map<String, String> kept =
                request.isPresent() && operator.isPresent() ? Map.of() : keep(file);
        return new GeneratedTokens(
                file,
                request.orElseGet(() -> kept.getOrDefault("request", "")),
                operator.orElseGet(() -> kept.getOrDefault("operator", "")));
    }

    /// What the person who started the application is told.
    public String announcement() {
        return """

          Tokens of this data directory (kept in %s):
            request plane   %s
            operator plane  %s   (also opens the console)
        """
                .formatted(file, request, operator);
    }

    @Override
    public String toString() {
        return "GeneratedTokens[file=" + file + "]";
    }

    List<KnownCaller> callers() {
        return List.of(
                new KnownCaller(
                        "submitter",
                        Tokens.sha256(request),
                        Plane.REQUEST,
                        List.of("submitter"),
                        "default"),
                new KnownCaller(
                        "operator",
                        Tokens.sha256(operator),
                        Plane.OPERATOR,
                        OPERATOR_ROLES,
                        "default"));
    }

    private static Map<String, String> keep(Path file) {
        try {
            if (!Files.exists(file)) {
                write(file);
            }
            Map<String, String> tokens = new HashMap<>();
            for (String line : Files.readAllLines(file)) {
                String[] parts = line.split("=", 2);
                if (parts.length == 2) {
                    tokens.put(parts[0].strip(), parts[1].strip());
                }
            }
            if (!tokens.keySet().containsAll(List.of("request", "operator"))) {
                throw new ConfigurationException(
                        file + ": expected the lines request=TOKEN and operator=TOKEN");
            }
            return tokens;
        } catch (IOException failed) {
            throw new ConfigurationException("cannot keep the tokens in " + file, failed);
        }
    }

    private static void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(
                fresh,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                fresh,
                "request=" + random() + "\noperator=" + random() + "\n",
                StandardOpenOption.WRITE);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String random() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return "sb_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
