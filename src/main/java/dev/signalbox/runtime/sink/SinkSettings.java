package dev.signalbox.runtime.sink;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The sinks of this installation, by name: `signalbox.sinks."NAME".kind` and so on. All processes
/// that work on runs have the same.
@ConfigMapping(prefix = "signalbox.sinks")
public interface SinkSettings {

    @WithParentName
    Map<String, Sink> all();

    /// One sink.
    interface Sink {

        Kind kind();

        @WithDefault("true")
        boolean enabled();

        /// Whether secrets are taken out, and texts that nobody has checked.
        @WithDefault("true")
        boolean piiSafe();

        /// CloudEvents types, `*` stands for any characters. Unset: for log and file all; for AMQP and
        /// webhook those of runs and approvals.
        Optional<List<String>> types();

        /// Names of definitions, `*` stands for any characters.
        @WithDefault("*")
        List<String> definitions();

        /// Tenants, `*` stands for any characters.
        @WithDefault("*")
        List<String> tenants();

        /// Of a file: where it is.
        Optional<Path> path();

        /// Of a file: how long it may become before another is begun, in bytes.
        @WithDefault("64M")
        MemorySize maxSize();

        /// Of a file: how many full ones are kept.
        @WithDefault("10")
        int keep();

        /// Of a webhook: where it is.
        Optional<String> url();

        /// Of a webhook: the key that signs.
        Optional<String> secret();

        /// Of a webhook: how long the answer may take.
        @WithDefault("PT10S")
        Duration timeout();

        /// Of a webhook: attempts before an event is given up. The others never give up.
        @WithDefault("40")
        int attempts();
    }

    /// What a sink is.
    enum Kind {
        LOG,
        FILE,
        AMQP,
        WEBHOOK
    }
}
