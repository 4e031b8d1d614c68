package dev.signalbox.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// What a shell needs to complete command lines.
@Command(
        name = "completion",
        description = {
            "Prints what completes command lines in bash and zsh:",
            "source <(signalbox completion)"
        })
final class CompletionCommand implements Callable<Integer> {

    private final Session session;

    @Spec private @Nullable CommandSpec command;

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        CommandSpec self = Optional.ofNullable(command).orElseThrow();
        session.screen().text(AutoComplete.bash("signalbox", self.root().commandLine()));
        return ExitCode.OK;
    }
}
