package dev.signalbox.operator;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/// The operator plane without a worker: what a test puts into the store stays as it is.
public final class AloneProfile implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "signalbox.roles", "operator",
                "signalbox.store", "memory",
                "signalbox.queue", "memory");
    }
}
