package dev.signalbox.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.sql.SQLException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FaultsTest {

    static Stream<Throwable> outages() {
        return Stream.of(
                new ConnectException("refused"),
                new ClosedChannelException(),
                new TimeoutException(),
                new VertxException("Connection was closed"),
                new RuntimeException("Timeout"),
                new SQLException("gone", "08006"),
                refused("57P01"),
                refused("57P03"),
                refused("53300"),
                new CompletionException(new RuntimeException(refused("08006"))),
                ProblemException.of(ProblemCode.UNAVAILABLE, "away"));
    }

    @ParameterizedTest
    @MethodSource("outages")
    void what_passes_by_itself_is_unavailable(Throwable failure) {
        assertThat(Faults.outage(failure)).isTrue();
        assertThat(Faults.problem(failure).map(Problem::code)).contains(ProblemCode.UNAVAILABLE);
    }

    static Stream<Throwable> defects() {
        return Stream.of(
                new IllegalStateException("a defect"),
                new NullPointerException(),
                refused("23505"),
                refused("42601"),
                new SQLException("syntax", "42601"));
    }

    @ParameterizedTest
    @MethodSource("defects")
    void a_defect_is_no_problem_of_the_client_and_no_outage(Throwable failure) {
        assertThat(Faults.outage(failure)).isFalse();
        assertThat(Faults.problem(failure)).isEmpty();
    }

    @Test
    void a_problem_is_found_however_deep_it_is_wrapped() {
        ProblemException problem = ProblemException.of(ProblemCode.NOT_FOUND, "not there");

        assertThat(Faults.problem(new CompletionException(new RuntimeException(problem))))
                .contains(problem.problem());
    }

    private static PgException refused(String sqlState) {
        return new PgException("refused", "ERROR", sqlState, "");
    }
}
