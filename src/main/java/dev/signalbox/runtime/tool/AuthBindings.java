package dev.signalbox.runtime.tool;

import dev.signalbox.domain.json.KnownSecrets;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;

/// The host's credentials for tools: `signalbox.auth-bindings."NAME"`, from any config source.
///
/// A value is one of
///
/// - `TOKEN`: goes out as `Authorization: Bearer TOKEN`
/// - `Bearer TOKEN` or `Basic CREDENTIALS`: goes out as `Authorization`, as it is
/// - `header:NAME=VALUE`: goes out as the header of that name
///
/// Guarantee: read at each call, so a rotated value counts from the next call on; a binding that is
/// missing or unusable refuses the call before anything is sent.
@ApplicationScoped
public class AuthBindings {

    private static final String PREFIX = "signalbox.auth-bindings.";
    private static final Pattern HEADER =
            Pattern.compile("header:([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(.+)");
    private static final Pattern SCHEME = Pattern.compile("(Bearer|Basic) +(.+)");

    private final Config config;

    public AuthBindings(Config config) {
        this.config = config;
    }

    /// What goes along with one call, and what must not come back from it.
    record Credentials(Map<String, String> headers, KnownSecrets redaction) {}

    Credentials resolve(List<String> names) {
        Map<String, String> headers = new LinkedHashMap<>();
        List<String> secrets = new ArrayList<>();
        for (String name : names) {
            add(name, value(name), headers, secrets);
        }
        return new Credentials(headers, KnownSecrets.of(secrets));
    }

    private String value(String name) {
        return lookup(PREFIX + '"' + name + '"')
                .or(() -> lookup(PREFIX + name))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .orElseThrow(
                        () ->
                                new CallRefused(
                                        "missing_binding",
                                        "the host has no auth binding '"
                                                + name
                                                + "': set "
                                                + PREFIX
                                                + '"'
                                                + name
                                                + '"'));
    }

    private Optional<String> lookup(String key) {
        return config.getOptionalValue(key, String.class);
    }

    private static void add(
            String name, String value, Map<String, String> headers, List<String> secrets) {
        if (value.chars().anyMatch(character -> character < ' ' || character > '~')) {
            throw invalid(name, "holds characters that no header may hold");
        }
        Matcher header = HEADER.matcher(value);
        Matcher scheme = SCHEME.matcher(value);
        String previous;
        if (header.matches()) {
            previous = headers.put(header.group(1), header.group(2));
            secrets.add(header.group(2));
        } else if (value.startsWith("header:")) {
            throw invalid(name, "must read 'header:NAME=VALUE'");
        } else if (scheme.matches()) {
            previous = headers.put("Authorization", value);
            secrets.add(scheme.group(2));
            secrets.addAll(basicParts(scheme.group(1), scheme.group(2)));
        } else {
            previous = headers.put("Authorization", "Bearer " + value);
            secrets.add(value);
        }
        if (previous != null) {
            throw invalid(name, "sets a header that another binding of the tool sets too");
        }
    }

    /// A server may echo the pair or the password alone instead of the header.
    private static List<String> basicParts(String scheme, String credentials) {
        if (!scheme.equals("Basic")) {
            return List.of();
        }
        try {
            String pair =
                    new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
            return List.of(pair, pair.substring(pair.indexOf(':') + 1));
        } catch (IllegalArgumentException _) {
            return List.of();
        }
    }

    private static CallRefused invalid(String name, String detail) {
        return new CallRefused("invalid_binding", "the auth binding '" + name + "' " + detail);
    }
}
