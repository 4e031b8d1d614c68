package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunFilter;
import dev.signalbox.store.RunStore;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(WithoutDatabaseTest.Memory.class)
class WithoutDatabaseTest {

    /// The simple environment: nothing but this process.
    public static final class Memory implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> configuration = new HashMap<>(Stores.NO_DATABASE);
            configuration.put("signalbox.store", "memory");
            configuration.put("signalbox.queue", "memory");
            return configuration;
        }
    }

    @Inject RunStore runs;

    @Test
    void theApplicationStartsAndHasAStore() {
        var page =
                runs.list(RunFilter.ofTenant("nobody"), PageRequest.first(1))
                        .await()
                        .atMost(Duration.ofSeconds(10));

        assertThat(page.items()).isEmpty();
    }
}
