package dev.signalbox.cli;

import dev.signalbox.cli.http.Query;
import dev.signalbox.cli.text.Field;
import dev.signalbox.cli.text.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Who commanded what.
@Command(name = "audit", description = "Records of every command, refused ones included.")
final class AuditCommands extends Group {

    private final Session session;

    AuditCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "Records, newest first.")
    int list(
            @Option(names = "--run", paramLabel = "RUN", description = "Of one run.")
                    @Nullable String run,
            @Option(names = "--actor", paramLabel = "NAME", description = "Of one person.")
                    @Nullable String actor,
            @Option(
                            names = "--action",
                            paramLabel = "ACTION",
                            description = "Of one kind, such as run.hold.")
                    @Nullable String action,
            @Option(names = "--since", paramLabel = "TIME", description = "Not before that time.")
                    @Nullable String since,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "At most so many; ${DEFAULT-VALUE} by default.")
                    int limit) {
        return session.list(
                Query.of(Session.API, "audit")
                        .with("runId", run)
                        .with("actor", actor)
                        .with("action", action)
                        .with("since", since),
                limit,
                new Table()
                        .column("at", "at")
                        .column("actor", "actor")
                        .column("action", "action")
                        .column(
                                "on",
                                row ->
                                        Field.text(row, "runId").isEmpty()
                                                ? Field.text(row, "target")
                                                : Field.text(row, "runId"))
                        .column("refusal", "refusal")
                        .column("reason", "reason"),
                "There is no such record.");
    }
}
