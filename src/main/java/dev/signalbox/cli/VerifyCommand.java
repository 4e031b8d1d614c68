package dev.signalbox.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Checks an exported run, without a server.
@Command(
        name = "verify",
        description = "Checks a bundle offline, and names everything that is not as it was.")
final class VerifyCommand implements Callable<Integer> {

    private final Session session;

    @Parameters(paramLabel = "FILE", description = "A bundle that was exported.")
    private Path file = Path.of("");

    VerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        return new BundleVerdict(session).print(session.given().path(file));
    }
}
