package dev.signalbox.cli.http;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Files with tokens: one bare token, or lines of plane and token as the embedded default keeps
/// them.
public final class Tokens {

    private Tokens() {}

    /// The token that `file` has for `plane` (`operator` or `request`).
    ///
    /// @throws IllegalArgumentException if there is none
    public static String read(Path file, String plane) {
        try {
            return of(Files.readAllLines(file), plane)
                    .orElseThrow(
                            () ->
                                    new IllegalArgumentException(
                                            file + " has no token for the " + plane + " plane"));
        } catch (IOException failed) {
            throw new IllegalArgumentException(
                    "cannot read the tokens in " + file + " (" + failed + ")", failed);
        }
    }

    /// The token of the first of `files` that is there and has one.
    public static Optional<String> find(Stream<Path> files, String plane) {
        return files.filter(Files::isReadable).flatMap(file -> lines(file, plane)).findFirst();
    }

    /// Whether what is sent to `address` stays on this machine.
    public static boolean local(URI address) {
        String host = String.valueOf(address.getHost());
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d+){3}");
    }

    private static Stream<String> lines(Path file, String plane) {
        try {
            return of(Files.readAllLines(file), plane).stream();
        } catch (IOException _) {
            return Stream.empty();
        }
    }

    private static Optional<String> of(List<String> lines, String plane) {
        List<String> filled =
                lines.stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
        if (filled.size() == 1 && !filled.getFirst().matches("(operator|request)\\s*=.*")) {
            return Optional.of(filled.getFirst());
        }
        return filled.stream()
                .map(line -> line.split("=", 2))
                .filter(parts -> parts.length == 2 && parts[0].strip().equals(plane))
                .map(parts -> parts[1].strip())
                .findFirst();
    }
}
