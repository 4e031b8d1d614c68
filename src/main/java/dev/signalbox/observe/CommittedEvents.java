package dev.signalbox.observe;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.RunChange;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/// Counts the events of one commit as they stand in the journal. Fields are read as they are:
/// nothing is decoded on the way of every commit for the sake of a counter.
final class CommittedEvents {

    private static final String NONE = "none";

    private final Meters meters;

    CommittedEvents(Meters meters) {
        this.meters = meters;
    }

    void count(RunChange change) {
        meters.size(Metric.EVENTS, change.entries().size());
        change.opened()
                .forEach(approval -> meters.count(Metric.APPROVALS_REQUESTED, 1, approval.tool()));
        change.entries().forEach(entry -> count(entry, change.after()));
    }

    private void count(JournalEntry entry, RunSummary run) {
        JsonObject data = entry.data();
        switch (entry.type()) {
            case "run_started" -> meters.time(Metric.RUNS_START_DELAY, age(entry, run));
            case "run_waiting" ->
                    meters.count(Metric.RUNS_WAITING, 1, text(object(data, "waitingOn"), "kind"));
            case "run_held" ->
                    meters.count(Metric.RUNS_HELD, 1, text(object(data, "hold"), "reason"));
            case "run_completed", "run_failed", "run_cancelled" -> ended(entry, run);
            case "policy_decided" ->
                    meters.count(
                            Metric.POLICY_DECISIONS,
                            1,
                            text(data, "policy"),
                            text(data, "ruleId"),
                            text(data, "verdict"));
            case "approval_resolved" ->
                    meters.count(Metric.APPROVALS_RESOLVED, 1, text(data, "outcome"));
            case "tool_failed" -> toolFailed(data);
            case "verification_completed" ->
                    meters.count(
                            Metric.VERIFICATIONS,
                            1,
                            definition(run),
                            data.get("output") == null ? text(data, "onFail") : "passed");
            default -> {}
        }
    }

    private void ended(JournalEntry entry, RunSummary run) {
        String status = run.status().name().toLowerCase(Locale.ROOT);
        meters.count(Metric.RUNS_SETTLED, 1, definition(run), status);
        meters.time(Metric.RUNS_DURATION, age(entry, run), status);
    }

    /// A call that was never sent has no attempts: it was refused before the policy was asked.
    private void toolFailed(JsonObject data) {
        if (data.get("attempt") instanceof JsonNumber(var attempt) && attempt.signum() == 0) {
            meters.count(Metric.TOOL_REFUSALS, 1, text(data, "code"));
        }
    }

    private static Duration age(JournalEntry entry, RunSummary run) {
        return Duration.between(run.identity().createdAt(), entry.at());
    }

    private static String definition(RunSummary run) {
        return run.identity().definition().name();
    }

    private static JsonObject object(JsonObject data, String field) {
        Json value = data.get(field);
        return value instanceof JsonObject object ? object : new JsonObject(Map.of());
    }

    private static String text(JsonObject data, String field) {
        return data.get(field) instanceof JsonText(String value) ? value : NONE;
    }
}
