package dev.signalbox.store.postgres;

import dev.signalbox.store.AuditStoreContract;
import dev.signalbox.store.Backend;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;

@QuarkusTest
@TestProfile(StoreOnly.class)
class PostgresAuditStoreTest extends AuditStoreContract {

    @Inject PostgresBackend backend;

    @Override
    protected Backend backend() {
        return backend;
    }
}
