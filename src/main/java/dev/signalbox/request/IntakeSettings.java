package dev.signalbox.request;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// Requests that come over the queue.
@ConfigMapping(prefix = "signalbox.intake")
public interface IntakeSettings {

    /// The tenant whose runs they become.
    @WithDefault("default")
    String tenant();

    /// Most requests that are worked on at once.
    @WithDefault("16")
    int concurrency();
}
