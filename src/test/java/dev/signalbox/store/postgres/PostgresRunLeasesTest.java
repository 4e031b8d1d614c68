package dev.signalbox.store.postgres;

import dev.signalbox.store.Backend;
import dev.signalbox.store.RunLeasesContract;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;

@QuarkusTest
@TestProfile(StoreOnly.class)
class PostgresRunLeasesTest extends RunLeasesContract {

    @Inject PostgresBackend backend;

    @Override
    protected Backend backend() {
        return backend;
    }
}
