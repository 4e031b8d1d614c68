package dev.signalbox.cli;

import dev.signalbox.cli.http.Query;
import dev.signalbox.cli.text.Field;
import dev.signalbox.cli.text.Screen;
import dev.signalbox.cli.text.Sheet;
import dev.signalbox.cli.text.Table;
import dev.signalbox.domain.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What a policy would have decided.
@Command(
        name = "backtest",
        description =
                "Tries a policy on recorded calls: which decisions would come out differently.")
final class BacktestCommand implements Callable<Integer> {

    private static final Table CHANGES =
            new Table().state("from", "from").state("to", "to").column("count", "count");

    private static final Table EXAMPLES =
            new Table()
                    .column("run", "runId")
                    .column("seq", "seq")
                    .column("tool", "tool")
                    .state("from", "from")
                    .state("to", "to")
                    .column("arguments", "arguments")
                    .column("because", "reason");

    private final Session session;

    @Parameters(paramLabel = "FILE", description = "The policy's YAML document, or -.")
    private String file = "";

    @Option(
            names = "--against",
            paramLabel = "POLICY",
            description = "Whose decisions; by default those of the policy of the same name.")
    private @Nullable String against;

    @Option(names = "--definition", paramLabel = "NAME", description = "Runs of one definition.")
    private @Nullable String definition;

    @Option(names = "--since", paramLabel = "TIME", description = "Runs that are not older.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Runs that are older.")
    private @Nullable String until;

    BacktestCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Map<String, Optional<Json>> body = new LinkedHashMap<>();
        body.put("policy", Optional.of(Json.text(session.given().file(file))));
        body.put("against", Optional.ofNullable(against).map(Json::text));
        body.put("definition", Optional.ofNullable(definition).map(Json::text));
        body.put("since", Optional.ofNullable(since).map(Json::text));
        body.put("until", Optional.ofNullable(until).map(Json::text));
        Json report =
                session.operator()
                        .post(Query.of(Session.API, "policies", "backtest"), Session.body(body));
        return session.show(report, screen -> print(screen, report));
    }

    private static void print(Screen screen, Json report) {
        new Sheet()
                .line("policy", report, "policy")
                .line("digest", report, "policyDigest")
                .line("against", report, "against")
                .line(
                        "looked at",
                        Field.text(report, "decisions")
                                + " decisions in "
                                + Field.text(report, "runs")
                                + " runs"
                                + (Field.text(report, "atLeast").equals("true")
                                        ? ", the newest; there are older ones"
                                        : ""))
                .line("different", report, "flips")
                .line("by rule", counts(report, "byRule"))
                .line("by tool", counts(report, "byTool"))
                .line("by definition", counts(report, "byDefinition"))
                .line(
                        "approvals",
                        Field.text(report, "waiting.more")
                                + " more, "
                                + Field.text(report, "waiting.fewer")
                                + " fewer")
                .line("waiting added", report, "waiting.added")
                .line("erased", report, "unjudged.erased")
                .line("unknown tool", report, "unjudged.unknownTool")
                .print(screen);
        List<Json> changes = Field.items(report, "changes");
        if (!changes.isEmpty()) {
            screen.made("\n");
            CHANGES.print(screen, changes, "");
            screen.made("\n");
            EXAMPLES.print(screen, Field.items(report, "examples"), "");
        }
    }

    private static String counts(Json report, String path) {
        return Field.items(report, path).stream()
                .map(one -> Field.text(one, "name") + " " + Field.text(one, "count"))
                .collect(Collectors.joining(", "));
    }
}
