package dev.signalbox.runtime.model.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.runtime.model.ModelPort;
import dev.signalbox.runtime.model.ModelReply.Answered;
import dev.signalbox.runtime.model.ModelReply.Refused;
import dev.signalbox.runtime.model.exchange.ProviderContract;
import dev.signalbox.support.SampleAgents;
import dev.signalbox.support.provider.AnthropicWire;
import dev.signalbox.support.provider.ProviderWire;
import dev.signalbox.wire.JsonCodec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnthropicModelTest extends ProviderContract {

    @Override
    protected ProviderWire wire() {
        return new AnthropicWire();
    }

    @Override
    protected ModelPort model(Optional<String> origin, Optional<String> key) {
        return new AnthropicModel(new Settings(origin.map(url -> url + ""), key), CLOCK);
    }

    @Override
    protected void close(ModelPort model) {
        ((AnthropicModel) model).close();
    }

    @Override
    protected ModelRef ref() {
        return new ModelRef(
                Provider.ANTHROPIC, "claude-sonnet-4-5", Optional.empty(), Optional.empty());
    }

    @Test
    void tokensOfThePromptCacheAreCountedAndAllInputTokensTogether() {
        stub.reply(wire.text("ok"));

        Answered answer = (Answered) chat(QUESTION);

        assertThat(answer.usage().cacheReadTokens()).contains(4L);
        assertThat(answer.usage().cacheWriteTokens()).contains(2L);
        assertThat(answer.usage().inputTokens()).isEqualTo(12);
    }

    @Test
    void schemaThatTheProviderTakesIsAResponseFormat() {
        stub.reply(wire.text("{}"));

        chat(SampleAgents.agent(ref(), List.of(), Optional.of(OUTPUT), LOOKUP), QUESTION);

        JsonObject body = stub.requests().getFirst().body();
        assertThat(body.get("output_config").toString()).contains("refunded");
        assertThat(AnthropicWire.system(body)).doesNotContain("refunded");
    }

    @Test
    void schemaThatTheProviderWouldRefuseGoesIntoTheInstructions() {
        stub.reply(wire.text("{}"));
        JsonObject open =
                JsonCodec.parseObject(
                        "{\"type\": \"object\", \"properties\": {\"refunded\": {\"type\":"
                                + " \"number\", \"minimum\": 0}}}");

        chat(SampleAgents.agent(ref(), List.of(), Optional.of(open)), QUESTION);

        JsonObject body = stub.requests().getFirst().body();
        assertThat(body.members()).doesNotContainKey("output_config");
        assertThat(AnthropicWire.system(body)).contains(open.canonical());
    }

    @Test
    void modelFromBeforeStructuredOutputsIsAskedInWords() {
        stub.reply(wire.text("{}"));
        ModelRef older =
                new ModelRef(
                        Provider.ANTHROPIC,
                        "claude-3-5-haiku-20241022",
                        Optional.empty(),
                        Optional.empty());

        chat(SampleAgents.agent(older, List.of(), Optional.of(OUTPUT)), QUESTION);

        assertThat(stub.requests().getFirst().body().members()).doesNotContainKey("output_config");
    }

    @Test
    void refusalOfTheModelIsRefused() {
        stub.reply(wire.blocked());

        assertThat(((Refused) chat(QUESTION)).code()).isEqualTo("content_filtered");
    }

    @Test
    void exhaustedAccountAndAConversationThatIsTooLongAreRefused() {
        stub.reply(
                wire.error(
                        400,
                        "invalid_request_error",
                        "Your credit balance is too low to access the Anthropic API."),
                wire.error(
                        400,
                        "invalid_request_error",
                        "prompt is too long: 205024 tokens > 200000 maximum"));

        assertThat(((Refused) chat(QUESTION)).code()).isEqualTo("quota_exhausted");
        assertThat(((Refused) chat(QUESTION)).code()).isEqualTo("context_too_long");
    }

    private record Settings(Optional<String> baseUrl, Optional<String> apiKey)
            implements AnthropicConfig {

        @Override
        public Duration timeout() {
            return PATIENCE;
        }

        @Override
        public Duration connectTimeout() {
            return PATIENCE;
        }

        @Override
        public int maxOutputTokens() {
            return 8192;
        }

        @Override
        public boolean promptCache() {
            return true;
        }
    }
}
