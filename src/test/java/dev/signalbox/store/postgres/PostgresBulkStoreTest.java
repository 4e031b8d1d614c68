package dev.signalbox.store.postgres;

import dev.signalbox.store.Backend;
import dev.signalbox.store.BulkStoreContract;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;

@QuarkusTest
@TestProfile(StoreOnly.class)
class PostgresBulkStoreTest extends BulkStoreContract {

    @Inject PostgresBackend backend;

    @Override
    protected Backend backend() {
        return backend;
    }
}
