package dev.signalbox.runtime.model.gemini;

import dev.signalbox.runtime.model.ModelPort;
import dev.signalbox.runtime.model.exchange.ProviderContract;
import java.time.Duration;
import java.util.Optional;

/// A Gemini model of any generation.
abstract class GeminiContract extends ProviderContract {

    @Override
    protected ModelPort model(Optional<String> origin, Optional<String> key) {
        return new GeminiModel(new Settings(origin.map(url -> url + "/v1beta"), key), CLOCK);
    }

    @Override
    protected void close(ModelPort model) {
        ((GeminiModel) model).close();
    }

    private record Settings(Optional<String> baseUrl, Optional<String> apiKey)
            implements GeminiConfig {

        @Override
        public Duration timeout() {
            return PATIENCE;
        }

        @Override
        public Duration connectTimeout() {
            return PATIENCE;
        }
    }
}
