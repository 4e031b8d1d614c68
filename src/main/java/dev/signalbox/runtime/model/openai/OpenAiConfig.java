package dev.signalbox.runtime.model.openai;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// Where the models of the provider `openai` are.
///
/// Neither a base URL nor a key: the provider is not configured, and its calls are refused.
@ConfigMapping(prefix = "signalbox.models.openai")
public interface OpenAiConfig {

    /// OpenAI's own API: what a key without a base URL means.
    String OPENAI = "https://api.openai.com/v1";

    /// Root of the API, `/v1` included; `OPENAI_BASE_URL` counts too.
    @WithDefault("${OPENAI_BASE_URL:}")
    Optional<String> baseUrl();

    /// Sent as bearer token; `OPENAI_API_KEY` counts too. Local servers often need none.
    @WithDefault("${OPENAI_API_KEY:}")
    Optional<String> apiKey();

    /// From connecting to the last byte of an answer.
    @WithDefault("PT2M")
    Duration timeout();

    /// For the connection alone.
    @WithDefault("PT10S")
    Duration connectTimeout();
}
