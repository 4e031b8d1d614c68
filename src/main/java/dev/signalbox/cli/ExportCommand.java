package dev.signalbox.cli;

import dev.signalbox.cli.http.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Takes a run along.
///
/// Guarantee: the file that appears is whole, because it is checked before it gets its name; nothing
/// that is there is written over.
@Command(
        name = "export",
        description = "Writes a run and all runs below it into a file that proves itself.")
final class ExportCommand implements Callable<Integer> {

    private final Session session;

    @Parameters(paramLabel = "RUN", description = "The run's id.")
    private String run = "";

    @Option(
            names = "--checkpoint",
            paramLabel = "SEQ",
            description = "The run alone, as it was after that entry.")
    private @Nullable Long checkpoint;

    @Option(names = "--payloads", description = "Values as they are: for auditors, and recorded.")
    private boolean payloads;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "By default signalbox-run-RUN.json in this directory.")
    private @Nullable Path file;

    ExportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Path target =
                session.given()
                        .path(
                                Optional.ofNullable(file)
                                        .orElseGet(() -> Path.of("signalbox-run-" + named() + ".json")));
        if (Files.exists(target)) {
            throw new IllegalArgumentException(target + " is there already");
        }
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            session.operator()
                    .download(
                            Query.of(Session.API, "runs", run, "export")
                                    .with("checkpoint", checkpoint)
                                    .with("payloads", payloads ? "true" : null),
                            part);
            int checked = new BundleVerdict(session).print(part);
            if (checked == ExitCode.OK) {
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
                session.screen().note(target + ": " + Files.size(target) + " bytes");
            }
            return checked;
        } catch (IOException failed) {
            throw new IllegalArgumentException("cannot write " + target + " (" + failed + ")", failed);
        } finally {
            delete(part);
        }
    }

    private static void delete(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException _) {
            // It stays behind; its name says what it is.
        }
    }

    /// An id as a part of a file's name.
    private String named() {
        if (!run.matches("[0-9a-fA-F-]{36}")) {
            throw new IllegalArgumentException("'" + run + "' is no run's id");
        }
        return run;
    }
}
