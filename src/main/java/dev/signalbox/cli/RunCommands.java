package dev.signalbox.cli;

import dev.signalbox.cli.http.Query;
import dev.signalbox.cli.text.Field;
import dev.signalbox.cli.text.Screen;
import dev.signalbox.cli.text.Sheet;
import dev.signalbox.domain.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What clients of the request plane do.
@Command(name = "run", description = "Ask for a run, as a client of the request plane.")
final class RunCommands extends Group {

    private static final String RUNS = "/v1/runs";

    private final Session session;

    RunCommands(Session session) {
        this.session = session;
    }

    @Command(name = "submit", description = "Asks for a run.")
    int submit(
            @Parameters(paramLabel = "DEFINITION", description = "An agent or a workflow.")
                    String definition,
            @Option(
                            names = "--input",
                            paramLabel = "JSON",
                            defaultValue = "{}",
                            description = "JSON, @FILE or -; {} by default.")
                    String input,
            @Option(
                            names = "--definition-version",
                            paramLabel = "VERSION",
                            description = "The highest by default.")
                    @Nullable String version,
            @Option(
                            names = "--label",
                            paramLabel = "KEY=VALUE",
                            description = "A label; can be repeated.")
                    @Nullable Map<String, String> labels,
            @Option(
                            names = "--deadline",
                            paramLabel = "DURATION",
                            description = "After which the run fails, such as PT10M.")
                    @Nullable String deadline,
            @Option(names = "--priority", paramLabel = "0..9", description = "5 by default.")
                    @Nullable Integer priority,
            @Option(
                            names = "--key",
                            paramLabel = "KEY",
                            description = "The same key and input again give the same run.")
                    @Nullable String key,
            @Option(
                            names = "--wait",
                            paramLabel = "SECONDS",
                            defaultValue = "0",
                            description = "Until it has ended or waits, at most so long (60).")
                    int wait) {
        Map<String, Optional<Json>> body = new LinkedHashMap<>();
        body.put("definition", Optional.of(Json.text(definition)));
        body.put("version", Optional.ofNullable(version).map(Json::text));
        body.put("input", Optional.of(session.given().object("--input", input)));
        body.put("labels", Optional.ofNullable(labels).map(Json::of));
        body.put("deadline", Optional.ofNullable(deadline).map(Json::text));
        body.put("priority", Optional.ofNullable(priority).map(Json::of));
        Map<String, String> headers = new LinkedHashMap<>();
        Optional.ofNullable(key).ifPresent(value -> headers.put("Idempotency-Key", value));
        if (wait > 0) {
            headers.put("Prefer", "wait=" + wait);
        }
        Json run = session.request().post(Query.of(RUNS), Session.body(body), headers);
        session.show(run, screen -> print(screen, run));
        return wait > 0 ? ended(run) : ExitCode.OK;
    }

    @Command(name = "show", description = "A run, as its client sees it.")
    int show(@Parameters(paramLabel = "RUN", description = "The run's id.") String id) {
        Json run = session.request().get(Query.of(RUNS, id));
        return session.show(run, screen -> print(screen, run));
    }

    private static int ended(Json run) {
        return switch (Field.text(run, "status")) {
            case "completed" -> ExitCode.OK;
            case "failed", "cancelled" -> ExitCode.FAILED;
            default -> ExitCode.NOT_YET;
        };
    }

    private static void print(Screen screen, Json run) {
        new Sheet()
                .line("run", run, "id")
                .line(
                        "definition",
                        Field.text(run, "definition") + "@" + Field.text(run, "version"))
                .state("status", run, "status")
                .line("why", run, "waitingOn.detail")
                .line("error", run, "error.message")
                .line("output", run, "output")
                .print(screen);
    }
}
