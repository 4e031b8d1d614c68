package dev.signalbox.operator.console;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.run.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What is left of a run that has been pruned.
///
/// @param mark the shape of how it ended
/// @param sentence when it went and who says so
public record PrunedPage(
        String id,
        String definition,
        String version,
        String status,
        String mark,
        String sentence,
        List<Track.Fact> facts) {

    public PrunedPage {
        facts = List.copyOf(facts);
    }

    /// @param stone the tombstone, as the API shows it
    static PrunedPage of(JsonObject stone, Instant now) {
        JsonObject rule =
                stone.get("rule") instanceof JsonObject known ? known : JsonObject.EMPTY;
        List<Track.Fact> facts = new ArrayList<>();
        facts.add(new Track.Fact("Submitted", time(stone, "createdAt", now)));
        facts.add(new Track.Fact("Ended", time(stone, "finishedAt", now)));
        facts.add(new Track.Fact("Removed", time(stone, "prunedAt", now)));
        facts.add(new Track.Fact("Events", text(stone, "headSeq")));
        facts.add(new Track.Fact("Head of its chain", text(stone, "headHash")));
        facts.add(new Track.Fact("Root run", text(stone, "rootRunId")));
        if (stone.get("parentRunId") != null) {
            facts.add(new Track.Fact("Parent run", text(stone, "parentRunId")));
        }
        facts.add(new Track.Fact("Definition", text(stone, "definitionDigest")));
        return new PrunedPage(
                text(stone, "id"),
                text(stone, "definition"),
                text(stone, "version"),
                Words.status(
                        RunStatus.valueOf(text(stone, "status").toUpperCase(Locale.ROOT))),
                text(stone, "status"),
                sentence(rule),
                facts);
    }

    private static String sentence(JsonObject rule) {
        String who =
                rule.get("version") == null
                        ? "This host keeps"
                        : text(rule, "definition") + " " + text(rule, "version") + " keeps";
        return who
                + " "
                + text(rule, "status")
                + " runs of "
                + text(rule, "definition")
                + " for "
                + Words.took(Duration.parse(text(rule, "period")))
                + ". This one was past its time and has been removed, with all that belonged to it.";
    }

    private static String time(JsonObject stone, String name, Instant now) {
        return Words.when(Instant.parse(text(stone, name)), now).exact();
    }

    private static String text(JsonObject object, String name) {
        Json value = object.get(name);
        return value instanceof JsonText(String words)
                ? words
                : value == null ? "" : value.canonical();
    }
}
