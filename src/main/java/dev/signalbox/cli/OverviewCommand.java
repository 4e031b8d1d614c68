package dev.signalbox.cli;

import dev.signalbox.cli.http.Query;
import dev.signalbox.cli.text.Field;
import dev.signalbox.cli.text.Screen;
import dev.signalbox.cli.text.Sheet;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/// Everything at a glance.
@Command(name = "overview", description = "Counts of runs and of what waits for a person.")
final class OverviewCommand implements Callable<Integer> {

    private final Session session;

    OverviewCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Json overview = session.operator().get(Query.of(Session.API, "overview"));
        return session.show(overview, screen -> print(screen, overview));
    }

    private static void print(Screen screen, Json overview) {
        String runs =
                Field.at(overview, "runs").orElse(JsonObject.EMPTY) instanceof JsonObject counts
                        ? counts.members().entrySet().stream()
                                .map(count -> count.getKey() + " " + Field.text(count.getValue()))
                                .collect(Collectors.joining(", "))
                        : "";
        String more = Field.text(overview, "approvals.atLeast").equals("true") ? "or more " : "";
        String age = Field.text(overview, "approvals.oldestAge");
        new Sheet()
                .line("as of", overview, "at")
                .line("runs", runs)
                .line(
                        "approvals",
                        Field.text(overview, "approvals.pending")
                                + " "
                                + more
                                + "waiting"
                                + (age.isEmpty() ? "" : ", the oldest for " + age))
                .print(screen);
    }
}
