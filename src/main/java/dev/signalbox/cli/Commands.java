package dev.signalbox.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;

/// The commands by name.
///
/// Only those that a command line names are made: making them all takes longer than most calls.
final class Commands {

    private static final Map<String, Function<Session, Object>> ALL = all();

    private static final Set<String> HELP = Set.of("-h", "--help");

    private Commands() {}

    /// Adds to `command` what `arguments` name; everything if they name none, or ask about all.
    static void add(CommandLine command, Session session, List<String> arguments) {
        List<String> named = ALL.keySet().stream().filter(arguments::contains).toList();
        boolean alone = !arguments.isEmpty() && ALL.containsKey(arguments.getFirst());
        boolean all =
                named.isEmpty()
                        || arguments.contains("completion")
                        || (!alone && arguments.stream().anyMatch(HELP::contains));
        ALL.forEach(
                (name, make) -> {
                    if (all || named.contains(name)) {
                        command.addSubcommand(name, make.apply(session));
                    }
                });
    }

    private static Map<String, Function<Session, Object>> all() {
        Map<String, Function<Session, Object>> all = new LinkedHashMap<>();
        all.put("overview", OverviewCommand::new);
        all.put("runs", RunsCommands::new);
        all.put("approvals", ApprovalsCommands::new);
        all.put("reconcile", ReconcileCommand::new);
        all.put("bulk", BulkCommands::new);
        all.put("jobs", JobsCommands::new);
        all.put("definitions", DefinitionsCommands::new);
        all.put("backtest", BacktestCommand::new);
        all.put("export", ExportCommand::new);
        all.put("verify", VerifyCommand::new);
        all.put("audit", AuditCommands::new);
        all.put("run", RunCommands::new);
        all.put("completion", CompletionCommand::new);
        return all;
    }
}
