package dev.signalbox.runtime.retention;

import dev.signalbox.domain.retention.Keep;
import dev.signalbox.domain.retention.RetentionTerms;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// How long runs are kept whose definition does not say, and how carefully they are removed.
@ConfigMapping(prefix = "signalbox.retention")
public interface RetentionSettings {

    /// `forever`, or an ISO 8601 duration such as `P90D`.
    @WithDefault(Keep.FOREVER)
    String completed();

    @WithDefault(Keep.FOREVER)
    String failed();

    @WithDefault(Keep.FOREVER)
    String cancelled();

    /// How often somebody looks.
    @WithDefault("PT15M")
    Duration every();

    /// Most runs of one commit, but for a tree that is larger by itself.
    @WithDefault("100")
    int batch();

    /// Between two commits: other work comes first.
    @WithDefault("PT0.2S")
    Duration pause();

    /// @throws ConfigurationException if one of them is neither `forever` nor a duration
    default RetentionTerms terms() {
        return new RetentionTerms(
                keep("completed", completed()),
                keep("failed", failed()),
                keep("cancelled", cancelled()));
    }

    private static Optional<Keep> keep(String status, String text) {
        try {
            return Optional.of(Keep.of(text));
        } catch (IllegalArgumentException wrong) {
            throw new ConfigurationException(
                    "signalbox.retention." + status + ": " + wrong.getMessage(), wrong);
        }
    }
}
