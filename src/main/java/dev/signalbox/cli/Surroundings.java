package dev.signalbox.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What the process finds around itself.
///
/// @param environment its variables
/// @param directory where it was started
/// @param home the checkout or installation that it belongs to
/// @param attended whether a person can be asked
/// @param outTerminal whether results are shown on a terminal
/// @param errTerminal whether notes are shown on a terminal
/// @param width columns of that terminal; 0 if unknown
record Surroundings(
        Map<String, String> environment,
        Path directory,
        Optional<Path> home,
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean attended,
        boolean outTerminal,
        boolean errTerminal,
        int width) {

    Surroundings {
        environment = Map.copyOf(environment);
    }

    /// As the script found them: it knows terminals better than a JVM does.
    static Surroundings ofProcess() {
        String terminals = System.getProperty("signalbox.terminals", "");
        return new Surroundings(
                System.getenv(),
                Path.of("").toAbsolutePath(),
                Optional.ofNullable(System.getProperty("signalbox.home")).map(Path::of),
                System.in,
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                terminals.contains("0") && terminals.contains("2"),
                terminals.contains("1"),
                terminals.contains("2"),
                Integer.getInteger("signalbox.columns", 0));
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /// Colours are for terminals that can, and for people who have not said no.
    boolean colours() {
        return outTerminal
                && variable("NO_COLOR").isEmpty()
                && !variable("TERM").orElse("dumb").equals("dumb");
    }

    private static PrintStream stream(FileDescriptor file) {
        return new PrintStream(new FileOutputStream(file), false, StandardCharsets.UTF_8);
    }
}
