package dev.signalbox.cli;

import dev.signalbox.support.Planes;
import dev.signalbox.support.TestTokens;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Somebody at a terminal, or a script, with the command line in the same process.
final class Cli {

    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path directory = Path.of("target");
    private String typed = "";
    private boolean attended;
    private boolean terminal;

    /// What came of a command line.
    record Outcome(int code, String out, String err) {}

    private Cli() {}

    /// Nobody in particular.
    static Cli unconfigured() {
        return new Cli();
    }

    /// A caller of the application under test.
    static Cli as(TestTokens caller) {
        return new Cli()
                .with("SIGNALBOX_URL", Planes.operatorUri().toString())
                .with("SIGNALBOX_OPERATOR_TOKEN", caller.token());
    }

    /// A caller of something else.
    static Cli at(URI operator) {
        return new Cli()
                .with("SIGNALBOX_URL", operator.toString())
                .with("SIGNALBOX_OPERATOR_TOKEN", "any");
    }

    Cli with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Cli in(Path where) {
        directory = where;
        return this;
    }

    /// What is piped in.
    Cli piped(String text) {
        typed = text;
        return this;
    }

    /// A person sits there and types.
    Cli typing(String text) {
        typed = text;
        attended = true;
        return this;
    }

    /// Results are shown on a terminal.
    Cli onTerminal() {
        terminal = true;
        return with("TERM", "xterm");
    }

    Outcome run(String... arguments) {
        int code =
                Signalbox.run(
                        new Surroundings(
                                environment,
                                directory,
                                Optional.empty(),
                                new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
                                new PrintStream(out, true, StandardCharsets.UTF_8),
                                new PrintStream(err, true, StandardCharsets.UTF_8),
                                attended,
                                terminal,
                                terminal,
                                0),
                        arguments);
        return new Outcome(code, printed(), err.toString(StandardCharsets.UTF_8));
    }

    /// What has been printed so far, by a command that still runs too.
    String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String noted() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
