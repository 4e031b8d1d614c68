package dev.signalbox.store.postgres;

import dev.signalbox.store.Backend;
import dev.signalbox.store.JobStoreContract;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;

@QuarkusTest
@TestProfile(StoreOnly.class)
class PostgresJobStoreTest extends JobStoreContract {

    @Inject PostgresBackend backend;

    @Override
    protected Backend backend() {
        return backend;
    }
}
