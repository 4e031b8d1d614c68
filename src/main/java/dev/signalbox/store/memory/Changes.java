package dev.signalbox.store.memory;

import dev.signalbox.domain.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Which rows the call under the lock has changed.
final class Changes {

    private record Row(String table, String key) {}

    private final boolean kept;
    private final Map<Row, Supplier<Optional<Json>>> rows = new LinkedHashMap<>();

    Changes(boolean kept) {
        this.kept = kept;
    }

    /// @param row what it is at the end of the call; empty if it is gone
    void note(String table, String key, Supplier<Optional<Json>> row) {
        if (kept) {
            rows.put(new Row(table, key), row);
        }
    }

    /// What has been noted since the last call of this.
    List<Change> take() {
        if (rows.isEmpty()) {
            return List.of();
        }
        List<Change> changes =
                rows.entrySet().stream()
                        .map(
                                noted ->
                                        new Change(
                                                noted.getKey().table(),
                                                noted.getKey().key(),
                                                noted.getValue().get()))
                        .toList();
        rows.clear();
        return changes;
    }
}
