package dev.signalbox.app;

import dev.signalbox.domain.json.Redactor;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/// What is secret here beside what always is.
@ConfigMapping(prefix = "signalbox.redaction")
public interface RedactionSettings {

    /// Names of members whose values are taken out, beside the built-in ones, in any spelling:
    /// `tax-number` is also `customerTaxNumber`. Unset: no more.
    Optional<List<String>> names();

    /// @throws ConfigurationException if a name is none
    default Redactor redactor() {
        try {
            return new Redactor(names().orElse(List.of()));
        } catch (IllegalArgumentException malformed) {
            throw new ConfigurationException("signalbox.redaction.names: " + malformed.getMessage());
        }
    }
}
