package dev.signalbox.runtime.model.ollama;

import dev.signalbox.runtime.model.exchange.Connection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// Where the models of the provider `ollama` are.
///
/// Neither a base URL nor a key: the provider is not configured, and its calls are refused.
@ConfigMapping(prefix = "signalbox.models.ollama")
public interface OllamaConfig extends Connection {

    /// What a key without a base URL means.
    String HOSTED = "https://ollama.com";

    /// Root of the server, such as `http://localhost:11434`; `OLLAMA_BASE_URL` counts too.
    @Override
    @WithDefault("${OLLAMA_BASE_URL:}")
    Optional<String> baseUrl();

    /// Sent as bearer token; `OLLAMA_API_KEY` counts too. A server of your own needs none.
    @Override
    @WithDefault("${OLLAMA_API_KEY:}")
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
