package dev.signalbox.runtime.model.openai;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.runtime.http.Redaction;
import dev.signalbox.runtime.model.ChatMessage.ModelToolCall;
import dev.signalbox.runtime.model.ModelPort;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.model.ModelReply.Answered;
import dev.signalbox.runtime.model.ModelReply.Refused;
import dev.signalbox.runtime.model.ModelReply.TryAgain;
import dev.signalbox.runtime.model.ModelRequest;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Models behind OpenAI's chat completions, one HTTP exchange a call.
///
/// Guarantees: nothing is tried twice here, as retries belong to the run's journal; the effect id
/// goes along as `Idempotency-Key`; the key is in no reply, and no body in a log. A call blocks one
/// virtual thread, which cancelling the `Uni` interrupts.
@ApplicationScoped
public class OpenAiModel implements ModelPort {

    private final OpenAiConfig config;
    private final StatusEndings endings;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http;

    public OpenAiModel(OpenAiConfig config, InstantSource clock) {
        this.config = config;
        this.endings = new StatusEndings(Redaction.of(config.apiKey().stream().toList()), clock);
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(config.connectTimeout())
                        .executor(threads)
                        .build();
    }

    @PreDestroy
    void close() {
        http.shutdownNow();
        threads.shutdownNow();
    }

    @Override
    public Provider provider() {
        return Provider.OPENAI;
    }

    @Override
    public Uni<ModelReply> chat(ModelRequest request) {
        Optional<String> baseUrl =
                config.baseUrl().or(() -> config.apiKey().map(_ -> OpenAiConfig.OPENAI));
        if (baseUrl.isEmpty()) {
            return Uni.createFrom().item(notConfigured());
        }
        return Uni.createFrom()
                .emitter(
                        emitter -> {
                            Future<?> call =
                                    threads.submit(
                                            () -> emitter.complete(call(request, baseUrl.get())));
                            emitter.onTermination(() -> call.cancel(true));
                        });
    }

    private static ModelReply notConfigured() {
        return new Refused(
                "model_not_configured",
                "no model server is configured: set signalbox.models.openai.api-key (or"
                    + " OPENAI_API_KEY), or signalbox.models.openai.base-url (or OPENAI_BASE_URL)"
                    + " for a server of your own");
    }

    private ModelReply call(ModelRequest request, String baseUrl) {
        Duration timeout = config.timeout();
        OneExchange exchange = new OneExchange(http, endings, request.effectId().value(), timeout);
        try {
            WireRequest wire = WireRequest.of(request, baseUrl);
            ChatResponse response = model(request, baseUrl, exchange).chat(wire.chat());
            return answered(request, wire.dialogue(), response);
        } catch (CallEnded ended) {
            return ended.reply();
        } catch (ContentFilteredException _) {
            return new Refused("content_filtered", "the model refused to answer");
        } catch (RuntimeException failure) {
            // The message of a parser's exception quotes the answer, so it stays here.
            String kind = failure.getClass().getSimpleName();
            return exchange.sent()
                    ? malformed("the answer is not a chat completion (" + kind + ")")
                    : new Refused("invalid_request", "no request can be made of it: " + kind);
        }
    }

    private OpenAiChatModel model(ModelRequest request, String baseUrl, OneExchange exchange) {
        ModelRef model = request.agent().agent().model();
        OpenAiChatModel.OpenAiChatModelBuilder builder =
                OpenAiChatModel.builder()
                        .httpClientBuilder(exchange.asBuilder())
                        .baseUrl(baseUrl)
                        .modelName(model.name())
                        .temperature(model.temperature().map(BigDecimal::doubleValue).orElse(null))
                        .maxRetries(0);
        config.apiKey().ifPresent(builder::apiKey);
        return builder.build();
    }

    private ModelReply answered(ModelRequest request, Dialogue dialogue, ChatResponse response) {
        AiMessage message = response.aiMessage();
        ChatResponseMetadata metadata = response.metadata();
        if (metadata.finishReason() == FinishReason.CONTENT_FILTER) {
            return new Refused("content_filtered", "the server's content filter held the answer");
        }
        List<ModelToolCall> calls = dialogue.calls(message.toolExecutionRequests());
        Optional<String> text = Optional.ofNullable(message.text());
        if (calls.isEmpty() && text.isEmpty()) {
            return metadata.finishReason() == FinishReason.LENGTH
                    ? new Refused(
                            "output_limit", "the output limit was used up before any answer came")
                    : malformed("the answer holds neither a text nor a call");
        }
        return new Answered(
                text,
                calls,
                usage(metadata.tokenUsage()),
                Optional.ofNullable(metadata.modelName())
                        .orElse(request.agent().agent().model().name()),
                finishReason(metadata.finishReason(), !calls.isEmpty()));
    }

    private static ModelReply malformed(String detail) {
        return new TryAgain("malformed_answer", detail, Optional.empty());
    }

    private static TokenUsage usage(dev.langchain4j.model.output.@Nullable TokenUsage usage) {
        return usage == null
                ? TokenUsage.NONE
                : new TokenUsage(count(usage.inputTokenCount()), count(usage.outputTokenCount()));
    }

    private static long count(@Nullable Integer tokens) {
        return tokens == null ? 0 : Math.max(0, tokens);
    }

    private static String finishReason(@Nullable FinishReason reason, boolean calls) {
        if (reason == FinishReason.LENGTH) {
            return "length";
        }
        return calls ? "tool_calls" : "stop";
    }
}
