package dev.signalbox.cli;

import dev.signalbox.cli.http.Refused;
import dev.signalbox.cli.http.Unreachable;
import dev.signalbox.cli.text.Plain;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// `signalbox`, the command.
public final class Signalbox {

    private Signalbox() {}

    public static void main(String... arguments) {
        Surroundings around = Surroundings.ofProcess();
        int code = run(around, arguments);
        around.out().flush();
        around.err().flush();
        System.exit(around.out().checkError() && code == ExitCode.OK ? ExitCode.FAILED : code);
    }

    /// Carries out a command line; answers the exit code.
    static int run(Surroundings around, String... arguments) {
        return command(around, List.of(arguments)).execute(arguments);
    }

    static CommandLine command(Surroundings around, List<String> arguments) {
        Settings settings = new Settings(around);
        CommandLine command = new CommandLine(settings);
        Commands.add(command, new Session(settings), arguments);
        command.setExpandAtFiles(false);
        command.setCaseInsensitiveEnumValuesAllowed(true);
        command.setUsageHelpAutoWidth(false);
        command.setColorScheme(
                CommandLine.Help.defaultColorScheme(around.colours() ? Ansi.ON : Ansi.OFF));
        command.setOut(writer(around.out()));
        command.setErr(writer(around.err()));
        command.setParameterExceptionHandler(Signalbox::misused);
        command.setExecutionExceptionHandler(Signalbox::failed);
        return command;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    private static int misused(ParameterException wrong, String[] arguments) {
        CommandLine where = wrong.getCommandLine();
        where.getErr()
                .println(
                        "signalbox: "
                                + Plain.lines(String.valueOf(wrong.getMessage()))
                                + "\nTry '"
                                + where.getCommandSpec().qualifiedName()
                                + " --help'.");
        return ExitCode.USAGE;
    }

    private static int failed(Exception failure, CommandLine where, ParseResult arguments) {
        return switch (failure) {
            case Refused refused -> told(where, refused.explanation(), ExitCode.of(refused));
            case Unreachable away -> told(where, away.explanation(), ExitCode.UNREACHABLE);
            case IllegalArgumentException wrong ->
                    told(where, String.valueOf(wrong.getMessage()), ExitCode.USAGE);
            case Session.Interrupted _ -> ExitCode.FAILED;
            default -> {
                failure.printStackTrace(where.getErr());
                yield ExitCode.FAILED;
            }
        };
    }

    private static int told(CommandLine where, String message, int code) {
        where.getErr().println("signalbox: " + Plain.lines(message));
        return code;
    }
}
