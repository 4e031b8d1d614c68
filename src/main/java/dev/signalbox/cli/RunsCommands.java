package dev.signalbox.cli;

import dev.signalbox.cli.http.Query;
import dev.signalbox.cli.text.Documents;
import dev.signalbox.cli.text.Field;
import dev.signalbox.cli.text.Table;
import dev.signalbox.domain.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Runs, as operators see and command them.
@Command(name = "runs", description = "Find runs, read them, command them.")
final class RunsCommands extends Group {

    private static final Table RUNS =
            new Table()
                    .state("status", "status")
                    .column("id", "id")
                    .column(
                            "definition",
                            run -> Field.text(run, "definition") + "@" + Field.text(run, "version"))
                    .column("updated", "updatedAt")
                    .column(
                            "why",
                            run ->
                                    Field.text(run, "error.message").isEmpty()
                                            ? Field.text(run, "waitingOn.detail")
                                            : Field.text(run, "error.message"));

    private final Session session;

    RunsCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "Runs, newest first.")
    int list(
            @Option(
                            names = "--status",
                            paramLabel = "STATUS",
                            split = ",",
                            description =
                                    "queued, running, waiting, held, completed, failed,"
                                            + " cancelled; several with commas.")
                    @Nullable List<String> status,
            @Option(names = "--definition", paramLabel = "NAME", description = "Of one definition.")
                    @Nullable String definition,
            @Option(names = "--label", paramLabel = "KEY:VALUE", description = "With that label.")
                    @Nullable List<String> label,
            @Option(
                            names = "--text",
                            paramLabel = "TEXT",
                            description = "Whose id, definition, labels or reason contain that.")
                    @Nullable String text,
            @Option(names = "--attention", description = "Those that need a person come first.")
                    boolean attention,
            @Option(names = "--since", paramLabel = "TIME", description = "Not older.")
                    @Nullable String since,
            @Option(names = "--until", paramLabel = "TIME", description = "Older.")
                    @Nullable String until,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "At most so many; ${DEFAULT-VALUE} by default.")
                    int limit) {
        return session.list(
                Query.of(Session.API, "runs")
                        .withAll("status", orNone(status))
                        .with("definition", definition)
                        .withAll("label", orNone(label))
                        .with("text", text)
                        .with("attention", attention ? "true" : null)
                        .with("since", since)
                        .with("until", until),
                limit,
                RUNS,
                "There is no such run.");
    }

    @Command(name = "show", description = "One run: how it stands, why, and what it did.")
    int show(@Parameters(paramLabel = "RUN", description = "The run's id.") String id) {
        Json run = session.operator().get(Query.of(Session.API, "runs", id));
        return session.show(run, screen -> RunSheet.print(screen, run));
    }

    @Command(name = "tree", description = "The tree that a run belongs to.")
    int tree(@Parameters(paramLabel = "RUN", description = "The run's id.") String id) {
        Query query = Query.of(Session.API, "runs", id, "tree");
        if (session.forPeople()) {
            session.screen().text(session.operator().text(query, "text/plain"));
            return ExitCode.OK;
        }
        return session.show(session.operator().get(query), _ -> {});
    }

    @Command(name = "events", description = "A run's journal.")
    int events(
            @Parameters(paramLabel = "RUN", description = "The run's id.") String id,
            @Option(
                            names = "--follow",
                            description = "Goes on as it grows, until the run has ended.")
                    boolean follow,
            @Option(
                            names = "--after",
                            paramLabel = "SEQ",
                            defaultValue = "0",
                            description = "Only what comes after that entry.")
                    long after) {
        return new RunEvents(session, id).print(after, follow);
    }

    @Command(name = "state", description = "The state that the journal adds up to.")
    int state(
            @Parameters(paramLabel = "RUN", description = "The run's id.") String id,
            @Option(names = "--seq", paramLabel = "SEQ", description = "As of that entry.")
                    @Nullable Long seq) {
        Json state =
                session.operator().get(Query.of(Session.API, "runs", id, "state").with("seq", seq));
        return session.show(state, screen -> screen.made(Documents.yaml(state)));
    }

    @Command(name = "hold", description = "Stops runs until they are released.")
    int hold(
            @Parameters(paramLabel = "RUN", arity = "1..*", description = "The runs' ids.")
                    List<String> ids,
            @Option(
                            names = "--reason",
                            required = true,
                            paramLabel = "TEXT",
                            description = "Why; kept with the record.")
                    String reason) {
        return command(ids, "hold", reason, "is held before its next step");
    }

    @Command(name = "release", description = "Lets held runs go on.")
    int release(
            @Parameters(paramLabel = "RUN", arity = "1..*", description = "The runs' ids.")
                    List<String> ids,
            @Option(
                            names = "--reason",
                            required = true,
                            paramLabel = "TEXT",
                            description = "Why; kept with the record.")
                    String reason) {
        return command(ids, "release", reason, "goes on");
    }

    @Command(name = "cancel", description = "Ends runs for good; what they did stays done.")
    int cancel(
            @Parameters(paramLabel = "RUN", arity = "1..*", description = "The runs' ids.")
                    List<String> ids,
            @Option(
                            names = "--reason",
                            required = true,
                            paramLabel = "TEXT",
                            description = "Why; kept with the record.")
                    String reason) {
        return command(ids, "cancel", reason, "is being cancelled");
    }

    @Command(
            name = "retry",
            description = "Asks for the same again: runs that failed and have changed nothing yet.")
    int retry(
            @Parameters(paramLabel = "RUN", arity = "1..*", description = "The runs' ids.")
                    List<String> ids,
            @Option(
                            names = "--reason",
                            required = true,
                            paramLabel = "TEXT",
                            description = "Why; kept with the record.")
                    String reason) {
        return command(ids, "retry", reason, "is tried again by a new run");
    }

    private int command(List<String> ids, String action, String reason, String done) {
        return session.each(
                ids,
                id ->
                        session.operator()
                                .post(
                                        Query.of(Session.API, "runs", id, action),
                                        Session.reasoned(reason)),
                done);
    }

    private static List<String> orNone(@Nullable List<String> values) {
        return values == null ? List.of() : values;
    }
}
