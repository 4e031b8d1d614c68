package dev.signalbox.web;

import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Lists on the wire: `?limit=` and `?cursor=` in, `items` and `nextCursor` out.
public final class Paging {

    private Paging() {}

    /// The part that a client asks for.
    ///
    /// Fails with `invalid_request` for anything that is not a limit or a cursor.
    public static PageRequest request(@Nullable String limit, @Nullable String cursor) {
        return new PageRequest(
                limit == null ? PageRequest.DEFAULT_LIMIT : number(limit),
                Optional.ofNullable(cursor).map(Cursor::of));
    }

    private static int number(String limit) {
        try {
            return Integer.parseInt(limit);
        } catch (NumberFormatException _) {
            throw Problem.at(
                            ProblemCode.INVALID_REQUEST,
                            "limit",
                            "the limit is not a number",
                            "a number from 1 to " + PageRequest.MAX_LIMIT)
                    .asException();
        }
    }

    /// Part of a list, as it goes out.
    public record Items<T>(List<T> items, Optional<String> nextCursor) {

        public Items {
            items = List.copyOf(items);
        }

        public static <T> Items<T> of(Page<?> page, List<T> items) {
            return new Items<>(items, page.next().map(Cursor::toString));
        }
    }
}
