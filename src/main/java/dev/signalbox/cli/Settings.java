package dev.signalbox.cli;

import dev.signalbox.cli.http.Plane;
import dev.signalbox.cli.http.Tokens;
import dev.signalbox.cli.text.Format;
import dev.signalbox.cli.text.Screen;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The command without its subcommands: where the planes are, who calls, how results are written.
@Command(
        name = "signalbox",
        description = "See what agents do, decide what they may do, and command their runs.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Version.class)
final class Settings extends Group {

    private static final String LOCAL_OPERATOR = "http://localhost:8090";
    private static final String LOCAL_REQUEST = "http://localhost:8080";

    private final Surroundings around;

    @Option(
            names = "--url",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description = "The operator plane; or SIGNALBOX_URL. By default " + LOCAL_OPERATOR + ".")
    private @Nullable URI url;

    @Option(
            names = "--request-url",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description =
                    "The request plane; or SIGNALBOX_REQUEST_URL. By default "
                            + LOCAL_REQUEST
                            + ".")
    private @Nullable URI requestUrl;

    @Option(
            names = "--token",
            scope = ScopeType.INHERIT,
            paramLabel = "TOKEN",
            description =
                    "Who calls. Others on this machine can see it: better SIGNALBOX_OPERATOR_TOKEN,"
                            + " SIGNALBOX_REQUEST_TOKEN or --token-file.")
    private @Nullable String token;

    @Option(
            names = "--token-file",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description =
                    "A file with the token, or with lines such as operator=TOKEN. By default"
                            + " data/tokens.txt for a server on this machine.")
    private @Nullable Path tokenFile;

    @Option(
            names = {"-o", "--output"},
            scope = ScopeType.INHERIT,
            paramLabel = "FORMAT",
            description = "table, json or yaml. By default table.")
    private Format output = Format.TABLE;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Shows this.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it by itself
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Shows the version.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it by itself
    private boolean version;

    Settings(Surroundings around) {
        this.around = around;
    }

    Surroundings around() {
        return around;
    }

    Format format() {
        return output;
    }

    Screen screen() {
        return new Screen(
                around.out(),
                around.err(),
                around.colours(),
                around.errTerminal(),
                around.outTerminal() ? around.width() : 0);
    }

    Plane operator() {
        return plane("operator", address(url, "SIGNALBOX_URL", LOCAL_OPERATOR));
    }

    Plane request() {
        return plane("request", address(requestUrl, "SIGNALBOX_REQUEST_URL", LOCAL_REQUEST));
    }

    private Plane plane(String name, URI address) {
        Optional<String> known = token(name, address);
        if (known.isEmpty()) {
            throw new IllegalArgumentException(
                    "No token for the "
                            + name
                            + " plane: set "
                            + variable(name)
                            + ", or give --token-file");
        }
        if (!"https".equals(address.getScheme()) && !Tokens.local(address)) {
            screen().note(
                            "signalbox: note: the token goes to "
                                    + address
                                    + " unencrypted; better use https");
        }
        return new Plane(name + " plane", address, known);
    }

    private URI address(@Nullable URI given, String variable, String otherwise) {
        String text =
                given != null ? given.toString() : around.variable(variable).orElse(otherwise);
        URI address;
        try {
            address = URI.create(text.replaceFirst("/+$", ""));
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("'" + text + "' is no address", malformed);
        }
        boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        if (!http || address.getHost() == null || address.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no address such as " + otherwise);
        }
        return address;
    }

    private Optional<String> token(String plane, URI address) {
        if (token != null) {
            return Optional.of(token);
        }
        if (tokenFile != null) {
            return Optional.of(Tokens.read(around.directory().resolve(tokenFile), plane));
        }
        return around.variable(variable(plane))
                .or(
                        () ->
                                Tokens.local(address)
                                        ? Tokens.find(embedded(), plane)
                                        : Optional.empty());
    }

    /// Where the embedded default keeps its tokens. They are for a server on this machine: they are
    /// sent to no other.
    private Stream<Path> embedded() {
        Stream<Path> named =
                around.variable("SIGNALBOX_DATA_DIR").map(around.directory()::resolve).stream();
        Stream<Path> near =
                Stream.concat(Stream.of(around.directory()), around.home().stream())
                        .map(directory -> directory.resolve("data"));
        return Stream.concat(named, near).map(data -> data.resolve("tokens.txt"));
    }

    private static String variable(String plane) {
        return plane.equals("operator") ? "SIGNALBOX_OPERATOR_TOKEN" : "SIGNALBOX_REQUEST_TOKEN";
    }
}
