package dev.signalbox.observe;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How long the probes of health wait.
@ConfigMapping(prefix = "signalbox.health")
public interface HealthSettings {

    /// How long a dependency may take to answer before it counts as away.
    @WithDefault("PT2S")
    Duration timeout();
}
