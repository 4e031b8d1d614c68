package dev.signalbox.runtime;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How this process works on runs.
@ConfigMapping(prefix = "signalbox.runtime")
interface RuntimeSettings {

    /// Most runs that this process works on at once; parked runs do not count.
    @WithDefault("64")
    int concurrency();

    /// How long a run stays this process's own without a sign of life. With the sweep it says how long
    /// the runs of a process that dies stand still.
    @WithDefault("PT4S")
    Duration lease();

    /// How often the process gives that sign; well below the lease.
    @WithDefault("PT1S")
    Duration renew();

    /// How long a process that is shutting down waits for calls that are under way.
    @WithDefault("PT20S")
    Duration shutdown();
}
