package dev.signalbox.runtime.model.exchange;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.FinishReason;
import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.domain.json.KnownSecrets;
import dev.signalbox.runtime.model.ChatMessage.ModelToolCall;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.model.ModelReply.Answered;
import dev.signalbox.runtime.model.ModelReply.Refused;
import dev.signalbox.runtime.model.ModelReply.TryAgain;
import dev.signalbox.runtime.model.ModelRequest;
import io.smallrye.mutiny.Uni;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The models of one provider behind LangChain4j, one HTTP exchange a call.
///
/// Guarantees: nothing is tried twice here, as retries belong to the run's journal; the effect id
/// goes along as `Idempotency-Key`; the key is in no reply, and no body in a log. A call blocks one
/// virtual thread, which cancelling the `Uni` interrupts.
public final class LangChainModel implements AutoCloseable {

    private final Dialect dialect;
    private final Connection connection;
    private final StatusEndings endings;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http;

    public LangChainModel(Dialect dialect, Connection connection, InstantSource clock) {
        this.dialect = dialect;
        this.connection = connection;
        this.endings =
                new StatusEndings(
                        dialect, KnownSecrets.of(connection.apiKey().stream().toList()), clock);
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(connection.connectTimeout())
                        .executor(threads)
                        .build();
    }

    @Override
    public void close() {
        http.shutdownNow();
        threads.shutdownNow();
    }

    public Uni<ModelReply> chat(ModelRequest request) {
        Optional<String> baseUrl = dialect.baseUrl();
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

    private ModelReply notConfigured() {
        return new Refused(
                "model_not_configured",
                "no model server is configured: set " + dialect.whatToSet());
    }

    private ModelReply call(ModelRequest request, String baseUrl) {
        Outgoing outgoing =
                new Outgoing(
                        request,
                        new ToolNames(request.agent().tools().keySet()),
                        request.agent().agent().output().isPresent()
                                && dialect.formats(request.agent(), request.model()));
        Dialogue dialogue = new Dialogue(outgoing.names());
        OneExchange exchange =
                new OneExchange(
                        http,
                        endings,
                        body -> WireBody.edit(body, node -> dialect.complete(node, outgoing)),
                        request.effectId().value(),
                        connection.timeout());
        try {
            ChatRequest chat =
                    ChatRequest.builder()
                            .messages(
                                    dialogue.toLangChain(
                                            outgoing.instructions(), request.messages()))
                            .build();
            Optional<ChatResponse> streamed =
                    request.listener()
                            .flatMap(listener -> stream(request, baseUrl, exchange, chat, listener));
            return answered(
                    request,
                    dialogue,
                    streamed.orElseGet(
                            () ->
                                    dialect.model(request.model(), baseUrl, exchange.asBuilder())
                                            .chat(chat)));
        } catch (CallEnded ended) {
            return ended.reply();
        } catch (ContentFilteredException _) {
            return new Refused("content_filtered", "the model refused to answer");
        } catch (RuntimeException failure) {
            // The message of a parser's exception quotes the answer, so it stays here.
            return exchange.sent()
                    ? malformed(notTheProtocol(failure))
                    : new Refused(
                            "invalid_request",
                            "no request can be made of it: " + failure.getClass().getSimpleName());
        }
    }

    /// The answer in parts; nothing if the server does not give it so.
    private Optional<ChatResponse> stream(
            ModelRequest request,
            String baseUrl,
            OneExchange exchange,
            ChatRequest chat,
            Consumer<String> listener) {
        Heard heard = new Heard(listener);
        dialect.streaming(request.model(), baseUrl, exchange.asBuilder()).chat(chat, heard);
        exchange.ended()
                .ifPresent(
                        reply -> {
                            throw new CallEnded(reply);
                        });
        if (!exchange.streamed()) {
            return Optional.empty();
        }
        if (heard.answer().map(answer -> answer.metadata().finishReason()).isEmpty()) {
            throw new CallEnded(
                    heard.failure()
                            .map(failure -> malformed(notTheProtocol(failure)))
                            .orElseGet(
                                    () ->
                                            new TryAgain(
                                                    "connection_lost",
                                                    "the answer ended before it was complete",
                                                    Optional.empty())));
        }
        return heard.answer();
    }

    private static String notTheProtocol(Throwable failure) {
        return "the answer is not of the provider's protocol ("
                + failure.getClass().getSimpleName()
                + ")";
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
                metadata.tokenUsage() == null
                        ? TokenUsage.NONE
                        : dialect.usage(metadata.tokenUsage()),
                Optional.ofNullable(metadata.modelName()).orElse(request.model().name()),
                finishReason(metadata.finishReason(), !calls.isEmpty()));
    }

    private static ModelReply malformed(String detail) {
        return new TryAgain("malformed_answer", detail, Optional.empty());
    }

    private static String finishReason(@Nullable FinishReason reason, boolean calls) {
        if (reason == FinishReason.LENGTH) {
            return "length";
        }
        return calls ? "tool_calls" : "stop";
    }
}
