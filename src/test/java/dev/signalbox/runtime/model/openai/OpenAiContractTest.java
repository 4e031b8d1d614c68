package dev.signalbox.runtime.model.openai;

import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.runtime.model.ModelPort;
import dev.signalbox.runtime.model.exchange.ProviderContract;
import dev.signalbox.support.provider.OpenAiWire;
import dev.signalbox.support.provider.ProviderWire;
import java.time.Duration;
import java.util.Optional;

class OpenAiContractTest extends ProviderContract {

    @Override
    protected ProviderWire wire() {
        return new OpenAiWire();
    }

    @Override
    protected ModelPort model(Optional<String> origin, Optional<String> key) {
        return new OpenAiModel(new Settings(origin.map(url -> url + "/v1"), key), CLOCK);
    }

    @Override
    protected void close(ModelPort model) {
        ((OpenAiModel) model).close();
    }

    @Override
    protected ModelRef ref() {
        return new ModelRef(Provider.OPENAI, "gpt-stub-1", Optional.empty(), Optional.empty());
    }

    private record Settings(Optional<String> baseUrl, Optional<String> apiKey)
            implements OpenAiConfig {

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
