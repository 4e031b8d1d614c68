package dev.signalbox.runtime.model.gemini;

import dev.signalbox.runtime.model.exchange.Connection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// Where the models of the provider `gemini` are.
///
/// Neither a base URL nor a key: the provider is not configured, and its calls are refused.
@ConfigMapping(prefix = "signalbox.models.gemini")
public interface GeminiConfig extends Connection {

    /// What a key without a base URL means.
    String GOOGLE = "https://generativelanguage.googleapis.com/v1beta";

    /// Root of the API, its version included; `GEMINI_BASE_URL` counts too.
    @Override
    @WithDefault("${GEMINI_BASE_URL:}")
    Optional<String> baseUrl();

    /// Sent as `x-goog-api-key`; `GEMINI_API_KEY` and `GOOGLE_API_KEY` count too.
    @Override
    @WithDefault("${GEMINI_API_KEY:${GOOGLE_API_KEY:}}")
    Optional<String> apiKey();

    /// From connecting to the last byte of an answer.
    @Override
    @WithDefault("PT2M")
    Duration timeout();

    /// For the connection alone.
    @Override
    @WithDefault("PT10S")
    Duration connectTimeout();
}
