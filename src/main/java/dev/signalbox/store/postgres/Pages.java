package dev.signalbox.store.postgres;

import dev.signalbox.store.Cursor;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Pages out of queries that asked for one item more than the page holds.
final class Pages {

    private Pages() {}

    static <T> Page<T> of(List<T> found, PageRequest request, Function<T, Cursor> cursor) {
        if (found.size() <= request.limit()) {
            return new Page<>(found, Optional.empty());
        }
        List<T> items = found.subList(0, request.limit());
        return new Page<>(items, Optional.of(cursor.apply(items.getLast())));
    }
}
