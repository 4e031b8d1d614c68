package dev.signalbox.store.postgres;

import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.DatabaseException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What goes wrong with a database, as problems.
///
/// Guarantee: a database that is not there, is starting, stopping or full up is `unavailable`: try
/// again. A text that PostgreSQL cannot keep is the request's fault. All else stays what it is.
final class Failures {

    /// Shutting down, crashing, starting up, too many connections, out of disk or memory.
    private static final Set<String> UNAVAILABLE =
            Set.of("57P01", "57P02", "57P03", "57P05", "53000", "53100", "53200", "53300");

    private static final String CONNECTION_EXCEPTION = "08";

    /// A NUL where text stands in a column of its own, and the same inside jsonb.
    private static final Set<String> IMPOSSIBLE_TEXT = Set.of("22021", "22P05");

    private static final int DEEPEST_CAUSE = 20;

    private Failures() {}

    static Throwable asProblem(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            ProblemException problem = problem(cause);
            if (problem != null) {
                problem.addSuppressed(failure);
                return problem;
            }
            cause = cause.getCause();
        }
        return failure;
    }

    /// The pool speaks of its own time-outs, and of being closed, without a type of their own.
    private static @Nullable ProblemException problem(Throwable cause) {
        return switch (cause) {
            case DatabaseException refused -> problem(refused.getSqlState());
            case SQLException refused -> problem(refused.getSQLState());
            case ClosedConnectionException _, IOException _ -> unavailable();
            case NoStackTraceThrowable _ -> unavailable();
            default -> null;
        };
    }

    private static @Nullable ProblemException problem(@Nullable String sqlState) {
        if (sqlState == null) {
            return null;
        }
        if (UNAVAILABLE.contains(sqlState) || sqlState.startsWith(CONNECTION_EXCEPTION)) {
            return unavailable();
        }
        return IMPOSSIBLE_TEXT.contains(sqlState)
                ? ProblemException.of(
                        ProblemCode.INVALID_REQUEST, "A text holds the character U+0000.")
                : null;
    }

    /// Whether nobody knows what became of the statement.
    static boolean unavailable(Throwable failure) {
        return failure instanceof ProblemException refusal
                && refusal.problem().code() == ProblemCode.UNAVAILABLE;
    }

    private static ProblemException unavailable() {
        return ProblemException.of(
                ProblemCode.UNAVAILABLE, "The database cannot be reached at the moment.");
    }
}
