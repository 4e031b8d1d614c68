package dev.signalbox.runtime.model.exchange;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.model.ModelReply.TryAgain;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;

/// The HTTP exchange of one model call, under LangChain4j.
///
/// Its own client rather than LangChain4j's because that one drops the headers of a refusal
/// (`Retry-After`), and its time-out ends with the answer's first byte. Every ending but a 2xx
/// leaves as [CallEnded]. Blocks: belongs on a virtual thread; interrupting it drops the call.
final class OneExchange implements HttpClient {

    private static final long MOST_BYTES = 16L << 20;

    /// What servers answer that do not know how to stream, or not with these settings.
    private static final Set<Integer> NOT_STREAMED = Set.of(400, 404, 405, 422, 501);

    private final java.net.http.HttpClient client;
    private final StatusEndings endings;
    private final UnaryOperator<String> body;
    private final String idempotencyKey;
    private final Duration timeout;
    private boolean sent;
    private Optional<SuccessfulHttpResponse> whole = Optional.empty();
    private Optional<ModelReply> ended = Optional.empty();
    private boolean streamed;

    OneExchange(
            java.net.http.HttpClient client,
            StatusEndings endings,
            UnaryOperator<String> body,
            String idempotencyKey,
            Duration timeout) {
        this.client = client;
        this.endings = endings;
        this.body = body;
        this.idempotencyKey = idempotencyKey;
        this.timeout = timeout;
    }

    /// Whether anything went out; if not, the request itself could not be built.
    boolean sent() {
        return sent;
    }

    /// Whether the answer came in parts.
    boolean streamed() {
        return streamed;
    }

    /// How a streamed call ended, if it is not by an answer.
    Optional<ModelReply> ended() {
        return ended;
    }

    /// One exchange, and never a second one: a server that was asked to stream and has answered as a
    /// whole is not asked again, but one that refused to be asked so is.
    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        if (whole.isPresent()) {
            return whole.get();
        }
        sent = true;
        HttpResponse<byte[]> response =
                get(
                        client.sendAsync(
                                toJdk(request, "application/json"),
                                BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES)));
        return whole(
                response.statusCode(),
                response.headers(),
                new String(response.body(), StandardCharsets.UTF_8));
    }

    private SuccessfulHttpResponse whole(int status, HttpHeaders headers, String answer) {
        if (status < 200 || status >= 300) {
            throw new CallEnded(
                    endings.of(status, headers.firstValue("Retry-After"), answer));
        }
        endings.objection(answer)
                .ifPresent(
                        reply -> {
                            throw new CallEnded(reply);
                        });
        return SuccessfulHttpResponse.builder()
                .statusCode(status)
                .headers(headers.map())
                .body(answer)
                .build();
    }

    @Override
    public void execute(
            HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        sent = true;
        CompletableFuture<HttpResponse<InputStream>> coming =
                client.sendAsync(
                        toJdk(request, "text/event-stream, application/x-ndjson, application/json"),
                        BodyHandlers.limiting(BodyHandlers.ofInputStream(), MOST_BYTES));
        CompletableFuture<Boolean> late =
                new CompletableFuture<Boolean>()
                        .completeOnTimeout(true, timeout.toMillis(), TimeUnit.MILLISECONDS);
        try (InputStream parts = open(coming, late)) {
            read(coming.join(), parts, parser, listener);
        } catch (IOException broken) {
            ended = Optional.of(late.getNow(false) ? timedOut() : ending(broken));
        } catch (CallEnded end) {
            ended = Optional.of(end.reply());
        } finally {
            late.complete(false);
        }
    }

    /// The body, which is closed when the call has taken too long.
    private InputStream open(
            CompletableFuture<HttpResponse<InputStream>> coming, CompletableFuture<Boolean> late) {
        InputStream parts = get(coming).body();
        Uni.createFrom().completionStage(late).subscribe().with(is -> closeIf(is, parts), _ -> {});
        return parts;
    }

    /// LangChain4j keeps what its listeners and parsers throw to itself, so that how the call ends
    /// is noted here.
    private void read(
            HttpResponse<InputStream> response,
            InputStream parts,
            ServerSentEventParser parser,
            ServerSentEventListener listener)
            throws IOException {
        int status = response.statusCode();
        String type = response.headers().firstValue("Content-Type").orElse("");
        if (NOT_STREAMED.contains(status)) {
            return;
        }
        if (status < 200 || status >= 300 || type.startsWith("application/json")) {
            String answer = new String(parts.readAllBytes(), StandardCharsets.UTF_8);
            whole = Optional.of(whole(status, response.headers(), answer));
            return;
        }
        streamed = true;
        Parts heard = new Parts(listener, endings);
        listener.onOpen(
                SuccessfulHttpResponse.builder()
                        .statusCode(status)
                        .headers(response.headers().map())
                        .build());
        parser.parse(parts, heard);
        ended = heard.objection();
        if (ended.isEmpty() && heard.failure().isEmpty()) {
            listener.onClose();
        }
        if (heard.failure().isPresent() && ended.isEmpty()) {
            throw heard.failure().get();
        }
    }

    private java.net.http.HttpRequest toJdk(HttpRequest request, String accepted) {
        java.net.http.HttpRequest.Builder builder =
                java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
                        .timeout(timeout)
                        .POST(BodyPublishers.ofString(body.apply(request.body())));
        request.headers()
                .forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
        return builder.setHeader("Accept", accepted)
                .setHeader("Idempotency-Key", idempotencyKey)
                .build();
    }

    private <T> HttpResponse<T> get(CompletableFuture<HttpResponse<T>> answer) {
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            answer.cancel(true);
            throw new CallEnded(timedOut());
        } catch (InterruptedException _) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new CallEnded(again("abandoned", "the call was abandoned"));
        } catch (ExecutionException failed) {
            throw new CallEnded(ending(Objects.requireNonNullElse(failed.getCause(), failed)));
        }
    }

    private ModelReply ending(Throwable failure) {
        return switch (failure) {
            case HttpConnectTimeoutException _ ->
                    again("unreachable", "the model's server did not take the connection in time");
            case java.net.http.HttpTimeoutException _ -> timedOut();
            case ConnectException _ -> again("unreachable", "no connection to the model's server");
            case UnresolvedAddressException _ ->
                    again("unreachable", "the model's server has no address");
            case SSLException _ ->
                    again("unreachable", "no secure connection to the model's server");
            case IOException _ ->
                    again("connection_lost", "the connection broke before the answer was complete");
            default -> again("provider_error", "the call failed: " + failure.getClass().getName());
        };
    }

    private ModelReply timedOut() {
        return again("timeout", "no complete answer within " + timeout);
    }

    private static void closeIf(boolean late, InputStream parts) {
        if (late) {
            try {
                parts.close();
            } catch (IOException _) {
                // It is over either way.
            }
        }
    }

    private static ModelReply again(String code, String detail) {
        return new TryAgain(code, detail, Optional.empty());
    }

    /// Hands this exchange to LangChain4j, whose own time-outs do not count here.
    HttpClientBuilder asBuilder() {
        return new HttpClientBuilder() {
            @Override
            public Duration connectTimeout() {
                return timeout;
            }

            @Override
            public HttpClientBuilder connectTimeout(Duration ignored) {
                return this;
            }

            @Override
            public Duration readTimeout() {
                return timeout;
            }

            @Override
            public HttpClientBuilder readTimeout(Duration ignored) {
                return this;
            }

            @Override
            public HttpClient build() {
                return OneExchange.this;
            }
        };
    }
}
