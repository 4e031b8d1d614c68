package dev.signalbox.runtime.model.anthropic;

import dev.signalbox.runtime.model.exchange.Connection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// Where the models of the provider `anthropic` are.
///
/// Neither a base URL nor a key: the provider is not configured, and its calls are refused.
@ConfigMapping(prefix = "signalbox.models.anthropic")
public interface AnthropicConfig extends Connection {

    /// What a key without a base URL means.
    String ANTHROPIC = "https://api.anthropic.com";

    /// Root of the API, with or without `/v1`; `ANTHROPIC_BASE_URL` counts too.
    @Override
    @WithDefault("${ANTHROPIC_BASE_URL:}")
    Optional<String> baseUrl();

    /// Sent as `x-api-key`; `ANTHROPIC_API_KEY` counts too.
    @Override
    @WithDefault("${ANTHROPIC_API_KEY:}")
    Optional<String> apiKey();

    /// From connecting to the last byte of an answer.
    @Override
    @WithDefault("PT2M")
    Duration timeout();

    /// For the connection alone.
    @Override
    @WithDefault("PT10S")
    Duration connectTimeout();

    /// Most tokens of one answer, which this API wants to be told, when the agent does not say.
    @WithDefault("8192")
    int maxOutputTokens();

    /// Whether tools and instructions are marked for the provider's prompt cache.
    @WithDefault("true")
    boolean promptCache();
}
