package dev.signalbox.runtime.model.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.runtime.model.ModelReply.Answered;
import dev.signalbox.runtime.model.ModelReply.Refused;
import dev.signalbox.runtime.model.ModelReply.TryAgain;
import dev.signalbox.support.OpenAiReply;
import dev.signalbox.support.SampleAgents;
import dev.signalbox.support.provider.GeminiWire;
import dev.signalbox.support.provider.ProviderWire;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GeminiModelTest extends GeminiContract {

    @Override
    protected ProviderWire wire() {
        return new GeminiWire("gemini-2.5-flash");
    }

    @Override
    protected ModelRef ref() {
        return new ModelRef(
                Provider.GEMINI, "gemini-2.5-flash", Optional.empty(), Optional.empty());
    }

    @Test
    void tokensOfThePromptCacheAreCountedAndThoughtsAreOutput() {
        stub.reply(wire.text("ok"));

        Answered answer = (Answered) chat(QUESTION);

        assertThat(answer.usage().cacheReadTokens()).contains(4L);
        assertThat(answer.usage().outputTokens()).isEqualTo(5);
    }

    @Test
    void schemaIsAResponseFormatUnlessThereAreTools() {
        stub.reply(wire.text("{}"), wire.text("{}"));

        chat(SampleAgents.agent(ref(), List.of(), Optional.of(OUTPUT)), QUESTION);
        chat(SampleAgents.agent(ref(), List.of(), Optional.of(OUTPUT), LOOKUP), QUESTION);

        assertThat(stub.requests().getFirst().body().get("generationConfig").toString())
                .contains("refunded");
        assertThat(stub.requests().getLast().body().get("systemInstruction").toString())
                .contains("refunded");
    }

    @Test
    void requestThatTheFilterHoldsIsRefused() {
        stub.reply(wire.blocked());

        assertThat(((Refused) chat(QUESTION)).code()).isEqualTo("content_filtered");
    }

    @Test
    void callThatTheModelCouldNotWriteIsAskedForAgain() {
        stub.reply(
                OpenAiReply.raw(
                        200,
                        "{\"candidates\": [{\"finishReason\": \"MALFORMED_FUNCTION_CALL\"}],"
                                + " \"usageMetadata\": {\"promptTokenCount\": 1}}"));

        assertThat(((TryAgain) chat(QUESTION)).detail()).contains("MALFORMED_FUNCTION_CALL");
    }

    @Test
    void waitThatStandsInTheBodyCounts() {
        stub.reply(
                OpenAiReply.raw(
                        429,
                        """
                        {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "quota",
                          "details": [
                            {"@type": "type.googleapis.com/google.rpc.QuotaFailure"},
                            {"@type": "type.googleapis.com/google.rpc.RetryInfo",
                             "retryDelay": "30.5s"}]}}
                        """));

        assertThat(((TryAgain) chat(QUESTION)).retryAfter()).contains(Duration.ofSeconds(31));
    }

    @Test
    void wrongKeyIsUnauthenticatedThoughTheStatusIs400() {
        stub.reply(
                OpenAiReply.raw(
                        400,
                        """
                        {"error": {"code": 400, "status": "INVALID_ARGUMENT",
                          "message": "API key not valid.",
                          "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
                                       "reason": "API_KEY_INVALID"}]}}
                        """));

        assertThat(((Refused) chat(QUESTION)).code()).isEqualTo("unauthenticated");
    }

    @Test
    void nameThatWouldLeadElsewhereIsRefusedBeforeAnythingIsSent() {
        ModelRef odd =
                new ModelRef(Provider.GEMINI, "../files?key=x", Optional.empty(), Optional.empty());

        assertThat(
                        ((Refused)
                                        chat(
                                                SampleAgents.agent(
                                                        odd, List.of(), Optional.empty()),
                                                QUESTION))
                                .code())
                .isEqualTo("invalid_request");
        assertThat(stub.requests()).isEmpty();
    }
}
