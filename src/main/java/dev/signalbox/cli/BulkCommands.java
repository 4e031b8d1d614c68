package dev.signalbox.cli;

import dev.signalbox.cli.http.Query;
import dev.signalbox.cli.text.Field;
import dev.signalbox.cli.text.Progress;
import dev.signalbox.cli.text.Screen;
import dev.signalbox.cli.text.Sheet;
import dev.signalbox.cli.text.Table;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// One command to many runs.
///
/// Guarantee: nobody commands runs without having seen how many. Where a person can be asked, they
/// are shown and asked; elsewhere `--yes` says that it has been done before.
@Command(name = "bulk", description = "Command all runs of a filter.")
final class BulkCommands extends Group {

    private static final long LOOK_MILLIS = 500;

    private static final Table EXAMPLES =
            new Table()
                    .state("status", "status")
                    .column("run", "id")
                    .column("definition", "definition")
                    .column("created", "createdAt");

    private static final Table REFUSALS =
            new Table()
                    .column("run", "runId")
                    .column("refusal", "code")
                    .column("because", "detail");

    private final Session session;

    BulkCommands(Session session) {
        this.session = session;
    }

    @Command(name = "start", description = "Commands all runs of a filter, and shows how far it is.")
    int start(
            @Parameters(paramLabel = "ACTION", description = "hold, release, cancel or retry.")
                    String action,
            @Option(
                            names = "--status",
                            paramLabel = "STATUS",
                            split = ",",
                            description = "Runs of a status; several with commas.")
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
            @Option(names = "--since", paramLabel = "TIME", description = "Not older.")
                    @Nullable String since,
            @Option(names = "--until", paramLabel = "TIME", description = "Older.")
                    @Nullable String until,
            @Option(names = "--dry-run", description = "Only says how many, and shows some.")
                    boolean dryRun,
            @Option(names = "--yes", description = "Does not ask.") boolean yes,
            @Option(names = "--no-wait", description = "Does not wait for its end.") boolean noWait,
            @Option(
                            names = "--reason",
                            required = true,
                            paramLabel = "TEXT",
                            description = "Why; kept with the records.")
                    String reason) {
        Map<String, Optional<Json>> filter = new LinkedHashMap<>();
        filter.put("status", texts(status));
        filter.put("definition", Optional.ofNullable(definition).map(Json::text));
        filter.put("label", texts(label));
        filter.put("text", Optional.ofNullable(text).map(Json::text));
        filter.put("since", Optional.ofNullable(since).map(Json::text));
        filter.put("until", Optional.ofNullable(until).map(Json::text));
        JsonObject runs = Session.body(filter);
        if (dryRun) {
            Json preview = post(action, runs, reason, true);
            return session.show(preview, screen -> print(screen, preview));
        }
        if (!yes && !agreed(action, runs, reason)) {
            session.screen().note("Nothing was commanded.");
            return ExitCode.FAILED;
        }
        Json begun = post(action, runs, reason, false);
        return told(noWait ? begun : ended(begun));
    }

    private boolean agreed(String action, JsonObject runs, String reason) {
        if (!session.attended()) {
            throw new IllegalArgumentException(
                    "--yes is missing: look with --dry-run first, then say that you mean it");
        }
        Json preview = post(action, runs, reason, true);
        Screen screen = session.screen();
        print(new Screen(screen.notes(), screen.notes(), false, false, 0), preview);
        return session.confirmed(
                "You are about to " + action + " " + Field.text(preview, "total") + " runs.");
    }

    private Json post(String action, JsonObject runs, String reason, boolean dryRun) {
        return session.operator()
                .post(
                        Query.of(Session.API, "bulk"),
                        new JsonObject(
                                Map.of(
                                        "action", Json.text(action),
                                        "filter", runs,
                                        "reason", Json.text(reason),
                                        "dryRun", new JsonBool(dryRun))));
    }

    @Command(name = "show", description = "How far a bulk command has come.")
    int show(@Parameters(paramLabel = "BULK", description = "Its id.") String id) {
        Json bulk = bulk(id);
        return session.show(bulk, screen -> print(screen, bulk));
    }

    @Command(name = "wait", description = "Waits for the end of a bulk command.")
    int await(@Parameters(paramLabel = "BULK", description = "Its id.") String id) {
        return told(ended(bulk(id)));
    }

    @Command(name = "abort", description = "Stops before the next run; what was commanded stays.")
    int abort(
            @Parameters(paramLabel = "BULK", description = "Its id.") String id,
            @Option(
                            names = "--reason",
                            required = true,
                            paramLabel = "TEXT",
                            description = "Why; kept with the record.")
                    String reason) {
        Json bulk =
                session.operator()
                        .post(Query.of(Session.API, "bulk", id, "abort"), Session.reasoned(reason));
        return session.show(bulk, screen -> print(screen, bulk));
    }

    private Json ended(Json begun) {
        Json bulk = begun;
        Progress progress = new Progress(session.screen(), "runs", Field.number(bulk, "total"));
        while (Field.text(bulk, "status").equals("running")) {
            progress.at(Field.number(bulk, "done"));
            session.pause(LOOK_MILLIS);
            bulk = bulk(Field.text(bulk, "id"));
        }
        progress.at(Field.number(bulk, "done"));
        progress.end();
        return bulk;
    }

    private int told(Json bulk) {
        session.show(bulk, screen -> print(screen, bulk));
        return Field.number(bulk, "refused") > 0 || Field.text(bulk, "status").equals("aborted")
                ? ExitCode.FAILED
                : ExitCode.OK;
    }

    private Json bulk(String id) {
        return session.operator().get(Query.of(Session.API, "bulk", id));
    }

    private static Optional<Json> texts(@Nullable List<String> values) {
        return Optional.ofNullable(values)
                .map(all -> new JsonArray(all.stream().<Json>map(Json::text).toList()));
    }

    private static void print(Screen screen, Json bulk) {
        new Sheet()
                .line("bulk", bulk, "id")
                .state("status", bulk, "status")
                .line("action", bulk, "action")
                .line("runs", bulk, "total")
                .line("done", bulk, "done")
                .line("accepted", bulk, "accepted")
                .line("refused", bulk, "refused")
                .line("by", bulk, "by")
                .line("reason", bulk, "reason")
                .print(screen);
        table(screen, EXAMPLES, Field.items(bulk, "examples"));
        table(screen, REFUSALS, Field.items(bulk, "refusals"));
    }

    private static void table(Screen screen, Table table, List<Json> rows) {
        if (!rows.isEmpty()) {
            screen.made("\n");
            table.print(screen, rows, "");
        }
    }
}
