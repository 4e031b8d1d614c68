package dev.signalbox.cli;

import dev.signalbox.cli.http.Query;
import dev.signalbox.cli.text.Documents;
import dev.signalbox.cli.text.Field;
import dev.signalbox.cli.text.Screen;
import dev.signalbox.cli.text.Table;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What runs can be of.
@Command(name = "definitions", description = "See, check and apply what runs can be of.")
final class DefinitionsCommands extends Group {

    private static final String DOCUMENTS =
            "YAML files, directories with such files, or - for what is piped in.";

    private static final Table DEFINITIONS =
            new Table()
                    .column("name", "name")
                    .column("version", "version")
                    .column("kind", "kind")
                    .column("digest", "digest");

    private static final Table OUTCOMES =
            new Table()
                    .column("change", "change")
                    .column("name", "definition.name")
                    .column("version", "definition.version")
                    .column("kind", "definition.kind")
                    .column("digest", "definition.digest");

    private final Session session;

    DefinitionsCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "Every name and version, and what it means now.")
    int list(
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "200",
                            description = "At most so many; ${DEFAULT-VALUE} by default.")
                    int limit) {
        return session.list(
                Query.of(Session.API, "definitions"),
                limit,
                DEFINITIONS,
                "There is no definition.");
    }

    @Command(name = "show", description = "One definition with everything that it refers to.")
    int show(
            @Parameters(paramLabel = "NAME", description = "Its name.") String name,
            @Option(
                            names = "--definition-version",
                            paramLabel = "VERSION",
                            description = "The highest by default.")
                    @Nullable String version) {
        Json found =
                session.operator()
                        .get(Query.of(Session.API, "definitions", name).with("version", version));
        return session.show(found, screen -> screen.made(Documents.yaml(found)));
    }

    @Command(
            name = "validate",
            description =
                    "Says what applying the documents would do, or everything wrong with them.")
    int validate(
            @Parameters(paramLabel = "FILE", arity = "1..*", description = DOCUMENTS)
                    List<String> files) {
        return told(send(files, true, Optional.empty()));
    }

    @Command(
            name = "apply",
            description = "Applies the documents: all of them, or none. A version never changes.")
    int apply(
            @Parameters(paramLabel = "FILE", arity = "1..*", description = DOCUMENTS)
                    List<String> files,
            @Option(
                            names = "--reason",
                            required = true,
                            paramLabel = "TEXT",
                            description = "Why; kept with the record.")
                    String reason) {
        return told(send(files, false, Optional.of(Json.text(reason))));
    }

    private Json send(List<String> files, boolean dryRun, Optional<Json> reason) {
        Map<String, Json> documents = new LinkedHashMap<>();
        session.given()
                .documents(files)
                .forEach((name, text) -> documents.put(name, Json.text(text)));
        Map<String, Optional<? extends Json>> body = new LinkedHashMap<>();
        body.put("documents", Optional.of(new JsonObject(documents)));
        body.put("reason", reason);
        return session.operator()
                .post(
                        Query.of(Session.API, "definitions").with("dryRun", dryRun ? "true" : null),
                        Session.body(body));
    }

    private int told(Json answer) {
        return session.show(answer, screen -> print(screen, answer));
    }

    private static void print(Screen screen, Json answer) {
        OUTCOMES.print(
                screen,
                Field.items(answer, "definitions"),
                "There is nothing in it that runs can be of.");
        List<Json> jobs = Field.items(answer, "jobs");
        if (!jobs.isEmpty()) {
            screen.note("Jobs are applied by themselves: " + Field.text(new JsonArray(jobs)));
        }
        if (Field.text(answer, "dryRun").equals("true")) {
            screen.note("The documents are right. Nothing was changed.");
        }
    }
}
