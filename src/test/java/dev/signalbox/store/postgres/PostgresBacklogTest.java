package dev.signalbox.store.postgres;

import dev.signalbox.store.Backend;
import dev.signalbox.store.BacklogContract;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;

@QuarkusTest
@TestProfile(StoreOnly.class)
class PostgresBacklogTest extends BacklogContract {

    @Inject PostgresBackend backend;

    @Override
    protected Backend backend() {
        return backend;
    }
}
