package dev.signalbox.cli;

import dev.signalbox.cli.http.Plane;
import dev.signalbox.cli.http.Plane.Listed;
import dev.signalbox.cli.http.Query;
import dev.signalbox.cli.http.Refused;
import dev.signalbox.cli.text.Documents;
import dev.signalbox.cli.text.Screen;
import dev.signalbox.cli.text.Table;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One use of the command line: what its commands share.
final class Session {

    static final String API = "/operator/v1";

    private final Settings settings;
    private @Nullable Plane operator;

    Session(Settings settings) {
        this.settings = settings;
    }

    Plane operator() {
        Plane known = operator == null ? settings.operator() : operator;
        operator = known;
        return known;
    }

    Plane request() {
        return settings.request();
    }

    Screen screen() {
        return settings.screen();
    }

    Given given() {
        return new Given(settings.around());
    }

    boolean attended() {
        return settings.around().attended();
    }

    boolean forPeople() {
        return switch (settings.format()) {
            case TABLE -> true;
            case JSON, YAML -> false;
        };
    }

    /// Writes a result: for programs as it came, for people as `shown` has it.
    int show(Json result, Consumer<Screen> shown) {
        Screen screen = screen();
        switch (settings.format()) {
            case TABLE -> shown.accept(screen);
            case JSON -> screen.made(Documents.json(result));
            case YAML -> screen.made(Documents.yaml(result));
        }
        return ExitCode.OK;
    }

    /// Writes the first items of a list.
    int list(Query query, int limit, Table table, String none) {
        if (limit < 1) {
            throw new IllegalArgumentException("--limit is at least 1");
        }
        Listed listed = operator().list(query, limit);
        show(listed.asJson(), screen -> table.print(screen, listed.items(), none));
        if (listed.more()) {
            screen().note("These are the first " + limit + "; --limit shows more.");
        }
        return ExitCode.OK;
    }

    /// Does something to each, says what became of each, and answers the worst exit code.
    int each(List<String> ids, Function<String, Json> deed, String done) {
        int worst = ExitCode.OK;
        for (String id : ids) {
            try {
                Json answer = deed.apply(id);
                show(answer, screen -> screen.text(id + ": " + done));
            } catch (Refused refused) {
                screen().note("signalbox: " + id + ": " + refused.explanation());
                worst = Math.max(worst, ExitCode.of(refused));
            }
        }
        return worst;
    }

    /// Asks the person who is there; only `yes` is yes.
    boolean confirmed(String question) {
        screen().notes().print(question + " Type yes to go on: ");
        screen().notes().flush();
        try {
            BufferedReader answers =
                    new BufferedReader(
                            new InputStreamReader(settings.around().in(), StandardCharsets.UTF_8));
            return "yes".equals(Optional.ofNullable(answers.readLine()).orElse("").strip());
        } catch (IOException _) {
            return false;
        }
    }

    /// Waits a moment between two looks.
    void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Interrupted();
        }
    }

    /// Somebody wants the process to end.
    static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// A body without what was not given.
    static JsonObject body(Map<String, ? extends Optional<? extends Json>> members) {
        Map<String, Json> present = new LinkedHashMap<>();
        members.forEach((name, value) -> value.ifPresent(json -> present.put(name, json)));
        return new JsonObject(present);
    }

    static JsonObject reasoned(String reason) {
        return new JsonObject(Map.of("reason", Json.text(reason)));
    }
}
