package dev.signalbox.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.store.Backend;
import dev.signalbox.store.RunLeasesContract;
import dev.signalbox.wire.CommandCodec;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(StoreOnly.class)
class PostgresRunLeasesTest extends RunLeasesContract {

    /// As if the process had died between the commit that told the run something and the wake-up.
    private static final String TOLD =
            """
            WITH told AS (
                INSERT INTO run_commands (id, run_id, content, posted_at)
                VALUES ($1, $2, $3, now() - interval '1 minute')
            )
            UPDATE runs SET due_at = NULL WHERE id = $2
            """;

    private static final Duration SOON = Duration.ofSeconds(30);

    @Inject PostgresBackend backend;
    @Inject Pool pool;

    @Override
    protected Backend backend() {
        return backend;
    }

    @Test
    void aRunThatWasToldSomethingAndNotWokenIsFound() {
        RunId told = restingRun();
        RunCommand command =
                new RunCommand(
                        new CommandId(UuidCreator.getTimeOrderedEpochPlus1()),
                        told,
                        new Actor("run x", Actor.Plane.RUNTIME, "default", Set.of()),
                        "The parent run has ended.",
                        new Ask.Cancel(),
                        Instant.now());
        pool.preparedQuery(TOLD)
                .execute(
                        Tuple.of(
                                command.id().value(),
                                told.value(),
                                CommandCodec.encode(command).canonical()))
                .await()
                .atMost(SOON);

        List<RunId> found =
                backend.leases().dispatch(1000, Duration.ofMinutes(5)).await().atMost(SOON);

        assertThat(found).contains(told);
    }
}
