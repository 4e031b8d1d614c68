package dev.signalbox.support;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/// Configuration that wins over that of [TestApplication]: the arguments of the resource.
public final class Overrides implements QuarkusTestResourceLifecycleManager {

    private static final int AFTER_THE_OTHERS = 100;

    private Map<String, String> configuration = Map.of();

    @Override
    public void init(Map<String, String> arguments) {
        configuration = Map.copyOf(arguments);
    }

    @Override
    public int order() {
        return AFTER_THE_OTHERS;
    }

    @Override
    public Map<String, String> start() {
        return configuration;
    }

    @Override
    public void stop() {
        // Nothing was started.
    }
}
