package dev.signalbox.runtime.model.openai;

import dev.signalbox.runtime.model.exchange.Connection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// Where the models of the provider `openai` are.
///
/// Neither a base URL nor a key: the provider is not configured, and its calls are refused.
@ConfigMapping(prefix = "signalbox.models.openai")
public interface OpenAiConfig extends Connection {

    /// OpenAI's own API: what a key without a base URL means.
    String OPENAI = "https://api.openai.com/v1";

    /// Root of the API, `/v1` included; `OPENAI_BASE_URL` counts too.
    @Override
    @WithDefault("${OPENAI_BASE_URL:}")
    Optional<String> baseUrl();

    /// Sent as bearer token; `OPENAI_API_KEY` counts too. Local servers often need none.
    @Override
    @WithDefault("${OPENAI_API_KEY:}")
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
