package dev.signalbox.runtime.sink;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.runtime.sink.EventContents.Content;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// An entry of a journal on its way out, and what it looks like as a CloudEvent 1.0. Those of runs and
/// approvals have names of their own, all others are `dev.signalbox.journal.TYPE`.
///
/// @param tool what the call is to that the event is about, if it is about one
/// @param content what is shown of it
record OutgoingEvent(
        RunIdentity run, JournalEntry entry, Optional<String> tool, Content content) {

    static final String RUNS = "dev.signalbox.run.*";
    static final String APPROVALS = "dev.signalbox.approval.*";

    private static final String SOURCE = "urn:signalbox:runs";

    /// The same each time that the event is delivered.
    static String id(JournalEntry entry) {
        return entry.runId() + "/" + entry.seq();
    }

    static String type(JournalEntry entry) {
        return "dev.signalbox."
                + switch (entry.type()) {
                    case "run_started" -> "run.started";
                    case "run_waiting" -> "run.waiting";
                    case "run_held" -> "run.held";
                    case "run_completed" -> "run.completed";
                    case "run_failed" -> "run.failed";
                    case "run_cancelled" -> "run.cancelled";
                    case "approval_requested" -> "approval.requested";
                    case "approval_resolved" -> expired(entry) ? "approval.expired" : "approval.resolved";
                    default -> "journal." + entry.type();
                };
    }

    private static boolean expired(JournalEntry entry) {
        return entry.data().get("outcome") instanceof JsonText(String outcome)
                && outcome.equals("expired");
    }

    String id() {
        return id(entry);
    }

    /// Structured, canonical.
    String json() {
        Map<String, Json> event = new LinkedHashMap<>();
        event.put("specversion", Json.text("1.0"));
        event.put("id", Json.text(id()));
        event.put("source", Json.text(SOURCE));
        event.put("type", Json.text(type(entry)));
        event.put("subject", Json.text(entry.runId().toString()));
        event.put("time", Json.text(entry.at().toString()));
        event.put("datacontenttype", Json.text("application/json"));
        event.put("data", data());
        return new JsonObject(event).canonical();
    }

    private JsonObject data() {
        Map<String, Json> data = new LinkedHashMap<>();
        data.put("runId", Json.text(entry.runId().toString()));
        data.put("rootRunId", Json.text(run.lineage().root().toString()));
        data.put("seq", Json.number(entry.seq()));
        data.put("tenant", Json.text(run.tenant()));
        data.put("definition", Json.text(run.definition().name()));
        data.put("version", Json.text(run.definition().version()));
        data.put("kind", Json.text(run.definition().kind().name().toLowerCase(Locale.ROOT)));
        data.put("hash", Json.text(entry.hash().value()));
        data.put("event", content.data());
        data.put("values", content.values());
        tool.ifPresent(name -> data.put("tool", Json.text(name)));
        return new JsonObject(data);
    }
}
