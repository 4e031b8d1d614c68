package dev.signalbox.store.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunFilter;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// PostgreSQL keeps no NUL in a text column: where such a text is looked for, the request is wrong,
/// and nothing breaks.
@QuarkusTest
@TestProfile(StoreOnly.class)
class ImpossibleTextTest {

    @Inject PostgresBackend backend;

    @Test
    void aFilterWithANulIsTheRequestsFault() {
        assertInvalid(
                () -> list(new RunFilter(
                        "t\0",
                        Set.of(),
                        Optional.empty(),
                        Map.of(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())));
        assertInvalid(
                () -> list(new RunFilter(
                        "t",
                        Set.of(),
                        Optional.empty(),
                        Map.of("k", "\0"),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())));
        assertInvalid(
                () ->
                        backend.definitions()
                                .resolve("a\0", Optional.empty())
                                .await()
                                .atMost(Duration.ofSeconds(10)));
    }

    private void list(RunFilter filter) {
        backend.runs()
                .list(filter, PageRequest.first(1))
                .await()
                .atMost(Duration.ofSeconds(10));
    }

    private static void assertInvalid(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused ->
                                org.assertj.core.api.Assertions.assertThat(refused.problem().code())
                                        .isEqualTo(ProblemCode.INVALID_REQUEST));
    }
}
