package dev.signalbox.domain.retention;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.run.RunStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// How long runs are kept once they have ended, by how they ended; empty where nothing is said.
public record RetentionTerms(
        Optional<Keep> completed, Optional<Keep> failed, Optional<Keep> cancelled) {

    /// Terms that say nothing.
    public static final RetentionTerms NONE =
            new RetentionTerms(Optional.empty(), Optional.empty(), Optional.empty());

    /// What is said of runs that have ended so; nothing of one that has not ended.
    public Optional<Keep> of(RunStatus status) {
        return switch (status) {
            case COMPLETED -> completed;
            case FAILED -> failed;
            case CANCELLED -> cancelled;
            case QUEUED, RUNNING, WAITING, HELD -> Optional.empty();
        };
    }

    /// The terms that a stored document has.
    ///
    /// @throws IllegalArgumentException if they are none
    public static RetentionTerms of(JsonObject json) {
        return new RetentionTerms(
                keep(json, "completed"), keep(json, "failed"), keep(json, "cancelled"));
    }

    /// As a document says them.
    public JsonObject json() {
        Map<String, Json> members = new LinkedHashMap<>();
        completed.ifPresent(keep -> members.put("completed", Json.text(keep.text())));
        failed.ifPresent(keep -> members.put("failed", Json.text(keep.text())));
        cancelled.ifPresent(keep -> members.put("cancelled", Json.text(keep.text())));
        return new JsonObject(members);
    }

    private static Optional<Keep> keep(JsonObject json, String status) {
        return json.get(status) instanceof JsonText(String text)
                ? Optional.of(Keep.of(text))
                : Optional.empty();
    }
}
