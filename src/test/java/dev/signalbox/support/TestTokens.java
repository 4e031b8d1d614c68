package dev.signalbox.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;

/// The callers that every test application knows. [#token()] is what a caller sends.
public enum TestTokens {
    /// Submits runs for the tenant `default`.
    SUBMITTER("request", "default", "submitter"),
    /// Submits runs for another tenant.
    STRANGER("request", "elsewhere", "submitter"),
    /// Is known on the request plane but may do nothing there.
    IDLER("request", "default", "none"),
    /// Has every operator role.
    OPERATOR("operator", "default", "viewer, approver, operator, auditor, support-lead"),
    /// A second person, for quorums and four eyes.
    LEAD("operator", "default", "viewer, approver, support-lead"),
    /// May look, and nothing else.
    VIEWER("operator", "default", "viewer"),
    /// Has every operator role, for another tenant.
    OUTSIDER("operator", "elsewhere", "viewer, approver, operator, auditor, support-lead");

    private final String plane;
    private final String tenant;
    private final String roles;

    TestTokens(String plane, String tenant, String roles) {
        this.plane = plane;
        this.tenant = tenant;
        this.roles = roles;
    }

    /// The name that audit records show.
    public String caller() {
        return "test-" + name().toLowerCase(Locale.ROOT);
    }

    public String token() {
        return "token-of-" + caller();
    }

    /// Writes a tokens file that knows all of them.
    static Path writeFile(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            return Files.writeString(
                    file,
                    Arrays.stream(values()).map(TestTokens::line).collect(Collectors.joining()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private String line() {
        return "- {name: %s, sha256: %s, plane: %s, roles: [%s], tenant: %s}%n"
                .formatted(caller(), sha256(token()), plane, roles, tenant);
    }

    /// The SHA-256 of `token` as tokens files have it.
    public static String sha256(String token) {
        return sha256(token.getBytes(StandardCharsets.UTF_8));
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
