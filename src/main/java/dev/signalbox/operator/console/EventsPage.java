package dev.signalbox.operator.console;

import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.operator.console.Words.When;
import dev.signalbox.web.EventView;
import dev.signalbox.web.Paging.Items;
import java.time.Instant;
import java.util.List;

/// A run's journal, entry by entry.
///
/// @param next where the rest is; empty if this is the end
public record EventsPage(RunRow row, List<Entry> entries, String next, String first) {

    public EventsPage {
        entries = List.copyOf(entries);
    }

    /// One entry; its data and the values that they name as JSON.
    public record Entry(
            long seq,
            When at,
            String type,
            String effectId,
            String hash,
            String data,
            String values) {}

    static EventsPage of(RunRow row, Items<EventView> events, long after, Instant start) {
        String self = "/console/runs/" + row.id() + "/events";
        return new EventsPage(
                row,
                events.items().stream().map(event -> entry(event, start)).toList(),
                events.nextCursor().map(cursor -> self + "?cursor=" + cursor).orElse(""),
                after > 0 ? self : "");
    }

    private static Entry entry(EventView event, Instant start) {
        return new Entry(
                event.seq(),
                Words.after(start, event.at()),
                event.type(),
                event.effectId().map(Object::toString).orElse(""),
                event.hash().value(),
                Shown.indented(event.data()),
                event.payloads().isEmpty() ? "" : Shown.indented(new JsonObject(event.payloads())));
    }
}
