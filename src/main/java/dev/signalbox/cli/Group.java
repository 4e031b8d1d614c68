package dev.signalbox.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A command that only has subcommands.
abstract class Group implements Runnable {

    @Spec private @Nullable CommandSpec command;

    @Override
    public void run() {
        CommandSpec self = Optional.ofNullable(command).orElseThrow();
        throw new ParameterException(
                self.commandLine(), "Which one? " + String.join(", ", self.subcommands().keySet()));
    }
}
