package dev.signalbox.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.signalbox.crash.Sweep.Outcome;
import dev.signalbox.store.postgres.PostgresBackend;
import dev.signalbox.store.postgres.StoreOnly;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The reference runs, killed and frozen over PostgreSQL.
@QuarkusTest
@TestProfile(StoreOnly.class)
@Tag("crash")
class PostgresCrashTest {

    /// All that is due then is due now, and no lease is alive.
    private static final String LATER =
            """
            UPDATE runs
               SET due_at = CASE WHEN due_at > now() THEN now() ELSE due_at END,
                   lease_until = CASE WHEN lease_until IS NOT NULL
                                      THEN now() - interval '1 second' END
             WHERE id = $1
            """;

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.now().truncatedTo(ChronoUnit.SECONDS));

    @Inject PostgresBackend backend;
    @Inject Pool pool;

    static Stream<Reference> references() {
        return Reference.all().stream();
    }

    private Lab lab() {
        return new Lab(
                backend.runs(),
                backend.leases(),
                backend.inbox(),
                backend.approvals(),
                now::get,
                run -> {
                    now.updateAndGet(before -> before.plus(Lab.WHILE));
                    Trial.get(pool.preparedQuery(LATER).execute(Tuple.of(run.value())));
                });
    }

    private Sweep sweep(Reference reference, Order order) {
        return new Sweep(
                this::lab, UuidCreator::getTimeOrderedEpochPlus1, reference, order, Rig.SOUND);
    }

    private static boolean wanted(Boundary boundary) {
        return boundary.kind().counts() && (Extent.FULL || boundary.step() % Extent.EVERY == 0);
    }

    private static void sound(Outcome outcome) {
        System.out.println(outcome);
        assertThat(outcome.findings()).isEmpty();
        assertThat(outcome.fired()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("references")
    void a_kill_at_any_boundary_changes_nothing(Reference reference) {
        for (Order order : Extent.orders()) {
            sound(sweep(reference, order).kills(PostgresCrashTest::wanted));
        }
    }

    @ParameterizedTest
    @MethodSource("references")
    void a_process_that_stood_still_past_its_lease_changes_nothing(Reference reference) {
        for (int others : Extent.standstills()) {
            sound(sweep(reference, Order.IN_TURN).freezes(others, PostgresCrashTest::wanted));
        }
    }
}
