package dev.signalbox.app.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.domain.audit.Actor.Plane;
import dev.signalbox.observe.Role;
import dev.signalbox.observe.Roles;
import dev.signalbox.support.TestTokens;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tokens that are made here, and the sessions that hang on a token.
class CallersTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String KEY = "ab".repeat(32);
    private static final Roles EVERYTHING = new Roles(EnumSet.allOf(Role.class));

    @TempDir private Path directory;

    @Test
    void generatedTokensAreKeptForTheirOwnerOnly() throws IOException {
        GeneratedTokens tokens = generating().generated().orElseThrow();

        Path file = directory.resolve("tokens.txt");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).contains(tokens.request(), tokens.operator());
        assertThat(generating().generated()).contains(tokens);
    }

    @Test
    void generatedTokensComeInOnTheirOwnPlane() {
        Callers callers = generating();
        GeneratedTokens tokens = callers.generated().orElseThrow();

        assertThat(callers.withToken(tokens.request(), Plane.REQUEST)).isPresent();
        assertThat(callers.withToken(tokens.request(), Plane.OPERATOR)).isEmpty();
        assertThat(callers.withToken(tokens.operator(), Plane.OPERATOR))
                .hasValueSatisfying(
                        operator ->
                                assertThat(operator.roles())
                                        .contains("viewer", "approver", "support-lead"));
    }

    @Test
    void generatedTokensDoNotShowInLogs() {
        GeneratedTokens tokens = generating().generated().orElseThrow();

        assertThat(tokens.toString()).doesNotContain(tokens.request(), tokens.operator());
    }

    @Test
    void tokensFromOutsideWinAndWriteNothing() {
        Callers callers =
                callers(Optional.empty(), true, Optional.of("outer-r"), Optional.of("outer-o"));

        assertThat(callers.withToken("outer-r", Plane.REQUEST)).isPresent();
        assertThat(callers.withToken("outer-o", Plane.OPERATOR)).isPresent();
        assertThat(callers.generated()).isEmpty();
        assertThat(directory.resolve("tokens.txt")).doesNotExist();
    }

    @Test
    void nobodyIsMadeUpWhereOthersDataIsAtStake() {
        assertThatThrownBy(
                        () -> callers(Optional.empty(), false, Optional.empty(), Optional.empty()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SIGNALBOX_AUTH_TOKENS_FILE");
    }

    @Test
    void aProcessKnowsNobodyOfAPlaneThatItDoesNotServe() throws IOException {
        Path file =
                tokensFile(
                        "- {name: shop, sha256: %s, plane: request, roles: []}%n"
                                        .formatted(TestTokens.sha256("shop"))
                                + "- {name: alice, sha256: %s, plane: operator, roles: []}%n"
                                        .formatted(TestTokens.sha256("alice")));

        Callers callers =
                callers(
                        Optional.of(file),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        only(Role.OPERATOR));

        assertThat(callers.withToken("alice", Plane.OPERATOR)).isPresent();
        assertThat(callers.withToken("shop", Plane.REQUEST)).isEmpty();
    }

    @Test
    void onlyTheTokensOfServedPlanesAreNeeded() {
        Optional<String> none = Optional.empty();

        Callers operator =
                callers(none.map(Path::of), false, none, Optional.of("o"), only(Role.OPERATOR));
        Callers runtime = callers(none.map(Path::of), false, none, none, only(Role.RUNTIME));

        assertThat(operator.withToken("o", Plane.OPERATOR)).isPresent();
        assertThat(operator.withToken("", Plane.REQUEST)).isEmpty();
        assertThat(runtime.withToken("", Plane.REQUEST)).isEmpty();
        assertThat(runtime.withToken("", Plane.OPERATOR)).isEmpty();
        assertThat(directory.resolve("tokens.txt")).doesNotExist();
    }

    @Test
    void twoCallersWithOneTokenAreRefused() throws IOException {
        String caller = "- {name: %s, sha256: %s, plane: request, roles: []}%n";
        String hash = TestTokens.sha256("shared");
        Path file = tokensFile(caller.formatted("one", hash) + caller.formatted("two", hash));

        assertThatThrownBy(
                        () -> callers(Optional.of(file), false, Optional.empty(), Optional.empty()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the same token");
    }

    @Test
    void aSessionEndsAfterItsLifetime() throws IOException {
        Callers callers = knowing("alice", "first");
        String session = sessions(callers, NOON).open(alice(callers));
        Instant end = NOON.plus(ConsoleSessions.LIFETIME);

        assertThat(sessions(callers, end.minusSeconds(1)).caller(session)).isPresent();
        assertThat(sessions(callers, end.plus(Duration.ofSeconds(1))).caller(session)).isEmpty();
    }

    @Test
    void aSessionDiesWithItsToken() throws IOException {
        Callers before = knowing("alice", "first");
        String session = sessions(before, NOON).open(alice(before));

        Callers renewed = knowing("alice", "second");
        Callers gone = knowing("bob", "third");

        assertThat(sessions(renewed, NOON).caller(session)).isEmpty();
        assertThat(sessions(gone, NOON).caller(session)).isEmpty();
    }

    @Test
    void aSessionOfAnotherKeyIsForged() throws IOException {
        Callers callers = knowing("alice", "first");
        ConsoleSessions elsewhere =
                new ConsoleSessions(
                        callers,
                        InstantSource.fixed(NOON),
                        directory.toString(),
                        Optional.of("cd".repeat(32)));

        String session = elsewhere.open(alice(callers));

        assertThat(sessions(callers, NOON).caller(session)).isEmpty();
        assertThat(sessions(callers, NOON).caller("nonsense")).isEmpty();
        assertThat(sessions(callers, NOON).caller("!.!")).isEmpty();
    }

    private static Roles only(Role role) {
        return new Roles(Set.of(role));
    }

    private static KnownCaller alice(Callers callers) {
        return callers.operator("alice").orElseThrow();
    }

    private ConsoleSessions sessions(Callers callers, Instant now) {
        return new ConsoleSessions(
                callers, InstantSource.fixed(now), directory.toString(), Optional.of(KEY));
    }

    private Callers knowing(String name, String token) throws IOException {
        Path file =
                tokensFile(
                        "- {name: %s, sha256: %s, plane: operator, roles: [viewer]}"
                                .formatted(name, TestTokens.sha256(token)));
        return callers(Optional.of(file), false, Optional.empty(), Optional.empty());
    }

    private Path tokensFile(String text) throws IOException {
        return Files.writeString(directory.resolve("tokens.yaml"), text);
    }

    private Callers generating() {
        return callers(Optional.empty(), true, Optional.empty(), Optional.empty());
    }

    private Callers callers(
            Optional<Path> file,
            boolean generate,
            Optional<String> request,
            Optional<String> operator) {
        return callers(file, generate, request, operator, EVERYTHING);
    }

    private Callers callers(
            Optional<Path> file,
            boolean generate,
            Optional<String> request,
            Optional<String> operator,
            Roles roles) {
        return new Callers("tokens", file, generate, directory, request, operator, roles);
    }
}
