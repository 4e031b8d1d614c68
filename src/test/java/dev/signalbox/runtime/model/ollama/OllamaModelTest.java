package dev.signalbox.runtime.model.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.runtime.model.ModelPort;
import dev.signalbox.runtime.model.ModelReply.Answered;
import dev.signalbox.runtime.model.ModelReply.TryAgain;
import dev.signalbox.runtime.model.exchange.ProviderContract;
import dev.signalbox.support.SampleAgents;
import dev.signalbox.support.provider.OllamaWire;
import dev.signalbox.support.provider.ProviderWire;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OllamaModelTest extends ProviderContract {

    @Override
    protected ProviderWire wire() {
        return new OllamaWire();
    }

    @Override
    protected ModelPort model(Optional<String> origin, Optional<String> key) {
        return new OllamaModel(new Settings(origin.map(url -> url + ""), key), CLOCK);
    }

    @Override
    protected void close(ModelPort model) {
        ((OllamaModel) model).close();
    }

    @Override
    protected ModelRef ref() {
        return new ModelRef(Provider.OLLAMA, "qwen3:8b", Optional.empty(), Optional.empty());
    }

    @Test
    void schemaIsAResponseFormatUnlessThereAreTools() {
        stub.reply(wire.text("{}"), wire.text("{}"));

        chat(SampleAgents.agent(ref(), List.of(), Optional.of(OUTPUT)), QUESTION);
        chat(SampleAgents.agent(ref(), List.of(), Optional.of(OUTPUT), LOOKUP), QUESTION);

        JsonObject alone = stub.requests().getFirst().body();
        JsonObject withTools = stub.requests().getLast().body();
        assertThat(alone.get("format")).isEqualTo(OUTPUT);
        assertThat(withTools.members()).doesNotContainKey("format");
        assertThat(withTools.get("messages").toString()).contains("refunded");
    }

    @Test
    void modelThatFailsWhileItAnswersIsAskedAgain() {
        stub.reply(wire.blocked());

        assertThat(((TryAgain) chat(QUESTION)).code()).isEqualTo("provider_error");
    }

    @Test
    void serverOfOnesOwnNeedsNoKey() {
        stub.reply(wire.text("local"));
        OllamaModel own = (OllamaModel) model(Optional.of(stub.origin()), Optional.empty());

        try {
            own.chat(
                            new dev.signalbox.runtime.model.ModelRequest(
                                    new dev.signalbox.domain.id.EffectId("run-m1"),
                                    SampleAgents.agent(ref(), List.of(), Optional.empty()),
                                    JsonObject.EMPTY,
                                    List.of(QUESTION)))
                    .await()
                    .atMost(Duration.ofSeconds(20));
        } finally {
            own.close();
        }

        assertThat(stub.requests().getFirst().header("Authorization")).isEmpty();
    }

    @Test
    void cachedTokensAreNotKnown() {
        stub.reply(wire.text("ok"));

        assertThat(((Answered) chat(QUESTION)).usage().cacheReadTokens()).isEmpty();
    }

    private record Settings(Optional<String> baseUrl, Optional<String> apiKey)
            implements OllamaConfig {

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
