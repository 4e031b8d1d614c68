package dev.signalbox.store.memory;

import dev.signalbox.domain.json.Json;
import dev.signalbox.store.PageRequest;
import dev.signalbox.wire.RecordCodec;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/// Rows that never change, by key. Only touched under the lock of [MemoryState].
class Table<K, V> {

    private final Schema<K, V> schema;
    private final Map<K, V> rows;
    private final Changes changes;

    /// How a table is kept.
    ///
    /// @param row the class of the rows
    /// @param key a row's key
    /// @param write a key as text
    /// @param read a key from that text
    record Schema<K, V>(
            String name,
            Class<V> row,
            Function<V, K> key,
            Function<K, String> write,
            Function<String, K> read) {}

    Table(Schema<K, V> schema, Map<K, V> rows, Changes changes) {
        this.schema = schema;
        this.rows = rows;
        this.changes = changes;
    }

    /// A table in the order of its keys.
    static final class Ordered<K, V> extends Table<K, V> {

        private final NavigableMap<K, V> ordered;

        Ordered(Schema<K, V> schema, NavigableMap<K, V> rows, Changes changes) {
            super(schema, rows, changes);
            ordered = rows;
        }

        /// Rows behind the cursor.
        Collection<V> after(PageRequest page, Function<UUID, K> id) {
            return MemoryState.after(ordered, page, id).values();
        }
    }

    Optional<V> find(K key) {
        return Optional.ofNullable(rows.get(key));
    }

    Collection<V> values() {
        return rows.values();
    }

    void put(V row) {
        K key = schema.key().apply(row);
        rows.put(key, row);
        changes.note(schema.name(), schema.write().apply(key), () -> find(key).map(Table::written));
    }

    /// Takes the row's key away and gives it to `row`, behind all others if the table is in the order
    /// of arrival.
    void replace(V row) {
        rows.remove(schema.key().apply(row));
        put(row);
    }

    void remove(K key) {
        rows.remove(key);
        changes.note(schema.name(), schema.write().apply(key), Optional::empty);
    }

    /// Puts back what a change says.
    void restore(Change change) {
        K key = schema.read().apply(change.key());
        rows.remove(key);
        change.row().ifPresent(row -> rows.put(key, RecordCodec.decode(schema.row(), row)));
    }

    String name() {
        return schema.name();
    }

    /// Every row as the change that makes it, to be written out of the lock.
    List<Supplier<Change>> copy() {
        return rows.entrySet().stream()
                .<Supplier<Change>>map(row -> asChange(row.getKey(), row.getValue()))
                .toList();
    }

    private Supplier<Change> asChange(K key, V row) {
        return () ->
                new Change(schema.name(), schema.write().apply(key), Optional.of(written(row)));
    }

    private static Json written(Object row) {
        return RecordCodec.encode(row);
    }
}
