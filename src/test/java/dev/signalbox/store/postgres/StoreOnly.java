package dev.signalbox.store.postgres;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/// The application without anything that works on runs by itself.
public final class StoreOnly implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("signalbox.roles", "operator", "signalbox.queue", "memory");
    }
}
