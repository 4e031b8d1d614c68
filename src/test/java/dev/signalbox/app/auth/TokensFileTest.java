package dev.signalbox.app.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.domain.audit.Actor.Plane;
import dev.signalbox.support.TestTokens;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A mistake in the tokens file is found at start, by its line.
class TokensFileTest {

    private static final String HASH = TestTokens.sha256("a token");

    @TempDir private Path directory;

    @Test
    void readsCallers() throws IOException {
        Path file =
                file(
                        "- {name: svc-shop, sha256: %s, plane: request, roles: [submitter], tenant: shop}"
                                .formatted(HASH));

        List<KnownCaller> callers = TokensFile.read(file);

        assertThat(callers)
                .containsExactly(
                        new KnownCaller(
                                "svc-shop", HASH, Plane.REQUEST, List.of("submitter"), "shop"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rolls: [viewer]|unknown field 'rolls'",
                "sha256: abc|64 lower-case hexadecimal digits",
                "plane: both|expected 'request' or 'operator'",
                "roles: viewer|a list of roles",
                "roles: [Viewer]|lower-case letters",
                "name: 'a b'|expected a name",
                "tenant: ''|a tenant"
            })
    void namesTheLineThatIsWrong(String wrong, String expected) throws IOException {
        String key = wrong.substring(0, wrong.indexOf(':'));
        StringBuilder text = new StringBuilder("# callers\n- name: first\n");
        text.append("  sha256: ").append(TestTokens.sha256("first")).append('\n');
        text.append("  plane: request\n  roles: []\n");
        text.append("-\n");
        for (String line :
                List.of("name: second", "sha256: " + HASH, "plane: operator", "roles: [viewer]")) {
            if (!line.startsWith(key + ":")) {
                text.append("  ").append(line).append('\n');
            }
        }
        text.append("  ").append(wrong).append('\n');
        Path file = file(text.toString());
        long lastLine = text.toString().lines().count();

        assertThatThrownBy(() -> TokensFile.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(file + ":" + lastLine + ":")
                .hasMessageContaining(expected);
    }

    @Test
    void refusesTwoCallersOfOneName() throws IOException {
        String caller = "- {name: twin, sha256: %s, plane: request, roles: []}%n";
        Path file = file(caller.formatted(HASH) + caller.formatted(TestTokens.sha256("b")));

        assertThatThrownBy(() -> TokensFile.read(file))
                .hasMessageContaining(file + ":2:")
                .hasMessageContaining("twice");
    }

    @Test
    void refusesWhatIsNoListOfCallers() throws IOException {
        Path file = file("callers: none");

        assertThatThrownBy(() -> TokensFile.read(file))
                .hasMessageContaining("expected a list of callers");
    }

    @Test
    void saysThatTheFileIsMissing() {
        Path file = directory.resolve("absent.yaml");

        assertThatThrownBy(() -> TokensFile.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("absent.yaml");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("tokens.yaml"), text);
    }
}
