package dev.signalbox.store;

import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import java.util.Optional;

/// Which part of a list is wanted.
///
/// @param limit from 1 to [#MAX_LIMIT]
/// @param after where the part before ended
public record PageRequest(int limit, Optional<Cursor> after) {

    /// Most items of one page.
    public static final int MAX_LIMIT = 200;

    /// Items of a page if nobody says.
    public static final int DEFAULT_LIMIT = 50;

    public PageRequest {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw Problem.at(
                            ProblemCode.INVALID_REQUEST,
                            "limit",
                            "limit is " + limit,
                            "a number from 1 to " + MAX_LIMIT)
                    .asException();
        }
    }

    public static PageRequest first(int limit) {
        return new PageRequest(limit, Optional.empty());
    }
}
