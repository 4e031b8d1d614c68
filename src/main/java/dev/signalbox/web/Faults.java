package dev.signalbox.web;

import com.fasterxml.jackson.core.JacksonException;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import io.vertx.core.VertxException;
import io.vertx.sqlclient.DatabaseException;
import jakarta.validation.ConstraintViolationException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a failure means to whoever asked.
public final class Faults {

    private static final int MAX_CAUSES = 16;

    private Faults() {}

    /// The problem that `failure` stands for; empty if it is a fault of our own.
    public static Optional<Problem> problem(Throwable failure) {
        for (Throwable cause : causes(failure)) {
            if (cause instanceof ProblemException problem) {
                return Optional.of(JsonFaults.located(failure, problem.problem()));
            }
            if (cause instanceof ConstraintViolationException violations) {
                return Optional.of(Violations.problem(violations));
            }
            if (cause instanceof JacksonException malformed) {
                return Optional.of(JsonFaults.problem(malformed));
            }
        }
        return outage(failure)
                ? Optional.of(
                        Problem.of(
                                ProblemCode.UNAVAILABLE,
                                "a part that this needs cannot be reached at the moment"))
                : Optional.empty();
    }

    /// Whether `failure` says that the database or another part cannot be reached for now.
    public static boolean outage(Throwable failure) {
        return causes(failure).stream().anyMatch(Faults::unreachable);
    }

    private static boolean unreachable(Throwable cause) {
        return switch (cause) {
            case ProblemException problem -> problem.problem().code() == ProblemCode.UNAVAILABLE;
            case DatabaseException refused -> passing(refused.getSqlState());
            case SQLException refused -> passing(refused.getSQLState());
            case ClosedChannelException _, UnknownHostException _ -> true;
            case JacksonException _ -> false;
            case IOException _ -> true;
            case TimeoutException _, io.smallrye.mutiny.TimeoutException _ -> true;
            // The SQL client's pool has no types of its own for "closed" and "timeout".
            case VertxException _ -> true;
            default -> "Timeout".equals(cause.getMessage());
        };
    }

    /// SQLSTATE classes of connections, resources, interventions and read-only stand-ins.
    private static boolean passing(@Nullable String sqlState) {
        return sqlState != null
                && Stream.of("08", "53", "57P", "25006", "40001", "40P01", "55P03")
                        .anyMatch(sqlState::startsWith);
    }

    private static List<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(MAX_CAUSES)
                .toList();
    }
}
