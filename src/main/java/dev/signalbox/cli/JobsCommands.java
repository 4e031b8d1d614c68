package dev.signalbox.cli;

import dev.signalbox.cli.http.Query;
import dev.signalbox.cli.text.Field;
import dev.signalbox.cli.text.Progress;
import dev.signalbox.cli.text.Screen;
import dev.signalbox.cli.text.Sheet;
import dev.signalbox.cli.text.Table;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What runs by itself.
@Command(name = "jobs", description = "See what runs by itself, and command it.")
final class JobsCommands extends Group {

    private static final long LOOK_MILLIS = 500;

    private static final Table JOBS =
            new Table()
                    .column("name", "name")
                    .state("status", "status")
                    .column("definition", "definition")
                    .column("next", "nextFiring")
                    .column("last", "lastFiring.scheduledAt")
                    .column("runs", "runs")
                    .column("open", "openRuns")
                    .column("waiting", "waiting");

    private static final Table FIRINGS =
            new Table()
                    .column("time", "scheduledAt")
                    .column("cause", "cause")
                    .state("status", "status")
                    .column("run", "runId")
                    .state("run status", "runStatus")
                    .column("reason", "reason");

    private final Session session;

    JobsCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "Jobs by name.")
    int list(
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "At most so many; ${DEFAULT-VALUE} by default.")
                    int limit) {
        return session.list(Query.of(Session.API, "jobs"), limit, JOBS, "There is no job.");
    }

    @Command(name = "show", description = "One job and its next times.")
    int show(@Parameters(paramLabel = "JOB", description = "Its name.") String name) {
        Json job = job(name);
        return session.show(job, screen -> print(screen, job));
    }

    @Command(name = "firings", description = "When a job fired, and what came of it.")
    int firings(
            @Parameters(paramLabel = "JOB", description = "Its name.") String name,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "At most so many; ${DEFAULT-VALUE} by default.")
                    int limit) {
        return session.list(
                Query.of(Session.API, "jobs", name, "firings"),
                limit,
                FIRINGS,
                "It has not fired yet.");
    }

    @Command(name = "pause", description = "Keeps a job from firing by itself.")
    int pause(
            @Parameters(paramLabel = "JOB", description = "Its name.") String name,
            @Option(
                            names = "--reason",
                            required = true,
                            paramLabel = "TEXT",
                            description = "Why; kept with the record.")
                    String reason) {
        return command(name, "pause", Session.reasoned(reason));
    }

    @Command(name = "resume", description = "Lets a paused job fire again.")
    int resume(
            @Parameters(paramLabel = "JOB", description = "Its name.") String name,
            @Option(
                            names = "--reason",
                            required = true,
                            paramLabel = "TEXT",
                            description = "Why; kept with the record.")
                    String reason) {
        return command(name, "resume", Session.reasoned(reason));
    }

    @Command(name = "trigger", description = "Fires a job once, now.")
    int trigger(
            @Parameters(paramLabel = "JOB", description = "Its name.") String name,
            @Option(
                            names = "--reason",
                            required = true,
                            paramLabel = "TEXT",
                            description = "Why; kept with the record.")
                    String reason) {
        return command(name, "trigger", Session.reasoned(reason));
    }

    @Command(
            name = "backfill",
            description = "Fires a job for the times of a range that has passed.")
    int backfill(
            @Parameters(paramLabel = "JOB", description = "Its name.") String name,
            @Option(
                            names = "--from",
                            required = true,
                            paramLabel = "TIME",
                            description = "The first moment of the range.")
                    String from,
            @Option(
                            names = "--until",
                            required = true,
                            paramLabel = "TIME",
                            description = "The first moment after it.")
                    String until,
            @Option(names = "--wait", description = "Until no firing of the job waits any more.")
                    boolean wait,
            @Option(
                            names = "--reason",
                            required = true,
                            paramLabel = "TEXT",
                            description = "Why; kept with the record.")
                    String reason) {
        Json answer =
                session.operator()
                        .post(
                                Query.of(Session.API, "jobs", name, "backfill"),
                                new JsonObject(
                                        Map.of(
                                                "from", Json.text(from),
                                                "until", Json.text(until),
                                                "reason", Json.text(reason))));
        if (wait) {
            untilFired(name, Field.number(answer, "firings"));
        }
        return told(name, "backfill", answer);
    }

    /// Shows how many of the firings are left until none is.
    private void untilFired(String name, long firings) {
        Progress progress = new Progress(session.screen(), "firings", firings);
        long waiting = firings;
        while (waiting > 0) {
            waiting = Field.number(job(name), "waiting");
            progress.at(firings - Math.min(firings, waiting));
            if (waiting > 0) {
                session.pause(LOOK_MILLIS);
            }
        }
        progress.end();
    }

    private int command(String name, String action, JsonObject body) {
        return told(
                name,
                action,
                session.operator().post(Query.of(Session.API, "jobs", name, action), body));
    }

    private int told(String name, String action, Json answer) {
        long firings = Field.number(answer, "firings");
        return session.show(
                answer,
                screen ->
                        screen.text(
                                name
                                        + ": "
                                        + action
                                        + " is recorded"
                                        + (firings == 0 ? "" : ", firings: " + firings)));
    }

    private Json job(String name) {
        return session.operator().get(Query.of(Session.API, "jobs", name));
    }

    private static void print(Screen screen, Json job) {
        new Sheet()
                .line("job", job, "name")
                .state("status", job, "status")
                .line("definition", job, "definition")
                .line("schedule", job, "document.schedule")
                .line("overlap", job, "document.overlap")
                .line("misfire", job, "document.misfire")
                .line("kept by", job, "origin")
                .line(
                        "next times",
                        Field.items(job, "upcoming").stream()
                                .map(Field::text)
                                .collect(Collectors.joining(", ")))
                .line("runs", job, "runs")
                .line("open runs", job, "openRuns")
                .line("waiting", job, "waiting")
                .line("last time", job, "lastFiring.scheduledAt")
                .line("last run", job, "lastFiring.runId")
                .line("last status", job, "lastFiring.runStatus")
                .line(
                        "you can",
                        Field.items(job, "actions").stream()
                                .map(Field::text)
                                .collect(Collectors.joining(", ")))
                .print(screen);
    }
}
