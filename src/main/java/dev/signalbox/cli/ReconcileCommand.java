package dev.signalbox.cli;

import dev.signalbox.cli.http.Query;
import dev.signalbox.domain.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What somebody found out about a call whose outcome nobody knew.
@Command(
        name = "reconcile",
        description = "Says whether a call of a held run happened, so that the run can go on.")
final class ReconcileCommand implements Callable<Integer> {

    private final Session session;

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
    private String run = "";

    @Parameters(
            index = "1",
            paramLabel = "EFFECT",
            description = "The call's id, as 'runs show' gives it.")
    private String effect = "";

    @ArgGroup(multiplicity = "1")
    private Outcome outcome = new Outcome();

    @Option(
            names = "--result",
            paramLabel = "JSON",
            description = "What the call answered, if it happened: JSON, @FILE or -.")
    private @Nullable String result;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "How you know.")
    private String reason = "";

    /// One of the two.
    private static final class Outcome {
        @Option(names = "--happened", description = "It happened: it is not sent again.")
        private boolean happened;

        @Option(names = "--did-not-happen", description = "It did not happen: it is sent again.")
        @SuppressWarnings("UnusedVariable") // one of the two is given: the other one says it all
        private boolean didNotHappen;
    }

    ReconcileCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Map<String, Optional<Json>> body = new LinkedHashMap<>();
        body.put("effectId", Optional.of(Json.text(effect)));
        body.put(
                "outcome",
                Optional.of(Json.text(outcome.happened ? "happened" : "did_not_happen")));
        body.put(
                "result",
                Optional.ofNullable(result).map(value -> session.given().json("--result", value)));
        body.put("reason", Optional.of(Json.text(reason)));
        Json answer =
                session.operator()
                        .post(Query.of(Session.API, "runs", run, "reconcile"), Session.body(body));
        return session.show(
                answer,
                screen -> screen.text(run + ": recorded; the run goes on with its next worker"));
    }
}
