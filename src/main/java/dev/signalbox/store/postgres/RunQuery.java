package dev.signalbox.store.postgres;

import dev.signalbox.domain.json.Json;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunFilter;
import java.util.ArrayList;
import java.util.List;

/// The statement that lists runs: only the conditions that the filter has, in the order of an index,
/// from behind the cursor on. Which index depends on how many runs the values stand for, so it is
/// planned for them each time: see [Sql#PLANNED_EACH_TIME].
final class RunQuery {

    private final List<String> conditions = new ArrayList<>();
    private final List<Object> parameters = new ArrayList<>();
    private final String statement;

    RunQuery(RunFilter filter, PageRequest page) {
        where("tenant = ?", filter.tenant());
        if (!filter.statuses().isEmpty()) {
            where(
                    "status = ANY (?)",
                    (Object) filter.statuses().stream().map(Sql::name).toArray(String[]::new));
        }
        filter.definition().ifPresent(name -> where("definition = ?", name));
        if (!filter.labels().isEmpty()) {
            where("labels @> ?::text::jsonb", Json.of(filter.labels()).canonical());
        }
        filter.since().ifPresent(since -> where("created_at >= ?", Sql.time(since)));
        filter.until().ifPresent(until -> where("created_at < ?", Sql.time(until)));
        filter.root().ifPresent(root -> where("root_id = ?", root.value()));
        filter.searched().ifPresent(text -> where("strpos(words, ?) > 0", text));
        page.after().ifPresent(cursor -> behind(cursor, filter.attention()));
        statement =
                (Sql.PLANNED_EACH_TIME + "SELECT %s FROM runs WHERE %s ORDER BY %s LIMIT %d")
                        .formatted(
                                RunRow.COLUMNS,
                                String.join(" AND ", conditions),
                                filter.attention() ? "attention, id DESC" : "id DESC",
                                page.limit() + 1);
    }

    String statement() {
        return statement;
    }

    Object[] parameters() {
        return parameters.toArray();
    }

    private void behind(Cursor cursor, boolean attention) {
        if (attention) {
            short band = (short) cursor.band();
            where("attention >= ? AND (attention > ? OR id < ?)", band, band, cursor.last());
        } else {
            where("id < ?", cursor.last());
        }
    }

    /// Adds a condition; each `?` becomes the next parameter's number.
    private void where(String condition, Object... values) {
        String numbered = condition;
        for (Object value : values) {
            parameters.add(value);
            numbered = numbered.replaceFirst("[?]", "\\$" + parameters.size());
        }
        conditions.add(numbered);
    }
}
