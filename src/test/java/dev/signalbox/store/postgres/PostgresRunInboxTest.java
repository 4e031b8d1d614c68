package dev.signalbox.store.postgres;

import dev.signalbox.store.Backend;
import dev.signalbox.store.RunInboxContract;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;

@QuarkusTest
@TestProfile(StoreOnly.class)
class PostgresRunInboxTest extends RunInboxContract {

    @Inject PostgresBackend backend;

    @Override
    protected Backend backend() {
        return backend;
    }
}
