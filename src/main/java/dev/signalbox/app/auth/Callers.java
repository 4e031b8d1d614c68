package dev.signalbox.app.auth;

import dev.signalbox.domain.audit.Actor.Plane;
import dev.signalbox.observe.Role;
import dev.signalbox.observe.Roles;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Everybody who may come in on the planes that this process serves. Read at start: with a mistake
/// in the tokens file there is none.
@Startup
@ApplicationScoped
public class Callers {

    private final List<KnownCaller> callers;
    private final Optional<GeneratedTokens> generated;

    Callers(
            @ConfigProperty(name = "signalbox.auth", defaultValue = "tokens") String kind,
            @ConfigProperty(name = "signalbox.auth.tokens-file") Optional<Path> tokensFile,
            @ConfigProperty(name = "signalbox.auth.generate-tokens", defaultValue = "false")
                    boolean generate,
            @ConfigProperty(name = "signalbox.data-dir") Path dataDirectory,
            @ConfigProperty(name = "signalbox.request.token") Optional<String> requestToken,
            @ConfigProperty(name = "signalbox.operator.token") Optional<String> operatorToken,
            Roles roles) {
        if (!kind.equals("tokens")) {
            throw new ConfigurationException("signalbox.auth is '" + kind + "'; expected: tokens");
        }
        if (tokensFile.isPresent()) {
            this.generated = Optional.empty();
            this.callers = served(distinct(TokensFile.read(tokensFile.get())), roles);
            return;
        }
        boolean set =
                (requestToken.isPresent() || !roles.has(Role.REQUEST))
                        && (operatorToken.isPresent() || !roles.has(Role.OPERATOR));
        if (!set && !generate) {
            throw new ConfigurationException(
                    "nobody could come in: name a tokens file with signalbox.auth.tokens-file"
                            + " (SIGNALBOX_AUTH_TOKENS_FILE), or set SIGNALBOX_REQUEST_TOKEN and"
                            + " SIGNALBOX_OPERATOR_TOKEN");
        }
        Path file = dataDirectory.toAbsolutePath().normalize().resolve("tokens.txt");
        GeneratedTokens tokens =
                set
                        ? new GeneratedTokens(
                                file, requestToken.orElse(""), operatorToken.orElse(""))
                        : GeneratedTokens.of(file, requestToken, operatorToken);
        this.generated = set ? Optional.empty() : Optional.of(tokens);
        this.callers = distinct(served(tokens.callers(), roles));
    }

    /// Whose token that is, on that plane. Takes the same time for every token that is not known.
    Optional<KnownCaller> withToken(String token, Plane plane) {
        String sha256 = Tokens.sha256(token);
        return only(caller -> Tokens.same(caller.sha256(), sha256) && caller.plane() == plane);
    }

    /// The operator of that name, if there still is one.
    Optional<KnownCaller> operator(String name) {
        return only(caller -> caller.plane() == Plane.OPERATOR && caller.name().equals(name));
    }

    /// The tokens that were made here, if they were.
    public Optional<GeneratedTokens> generated() {
        return generated;
    }

    private Optional<KnownCaller> only(Predicate<KnownCaller> wanted) {
        return callers.stream().filter(wanted).reduce((_, other) -> other);
    }

    private static List<KnownCaller> served(List<KnownCaller> callers, Roles roles) {
        return callers.stream().filter(caller -> served(caller.plane(), roles)).toList();
    }

    private static boolean served(Plane plane, Roles roles) {
        return switch (plane) {
            case REQUEST -> roles.has(Role.REQUEST);
            case OPERATOR -> roles.has(Role.OPERATOR);
            case RUNTIME -> false;
        };
    }

    private static List<KnownCaller> distinct(List<KnownCaller> callers) {
        for (KnownCaller caller : callers) {
            long same = callers.stream().filter(o -> o.sha256().equals(caller.sha256())).count();
            if (same > 1) {
                throw new ConfigurationException(
                        "the caller '" + caller.name() + "' and another have the same token");
            }
        }
        return List.copyOf(callers);
    }
}
