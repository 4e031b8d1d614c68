package dev.signalbox.runtime.model.exchange;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.model.ModelReply.TryAgain;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
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

    private final java.net.http.HttpClient client;
    private final StatusEndings endings;
    private final UnaryOperator<String> body;
    private final String idempotencyKey;
    private final Duration timeout;
    private boolean sent;

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

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        HttpResponse<byte[]> response = exchange(toJdk(request));
        String answer = new String(response.body(), StandardCharsets.UTF_8);
        int status = response.statusCode();
        if (status < 200 || status >= 300) {
            throw new CallEnded(
                    endings.of(status, response.headers().firstValue("Retry-After"), answer));
        }
        endings.objection(answer)
                .ifPresent(
                        reply -> {
                            throw new CallEnded(reply);
                        });
        return SuccessfulHttpResponse.builder()
                .statusCode(status)
                .headers(response.headers().map())
                .body(answer)
                .build();
    }

    @Override
    public void execute(
            HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        throw new UnsupportedOperationException("model calls are not streamed");
    }

    private java.net.http.HttpRequest toJdk(HttpRequest request) {
        java.net.http.HttpRequest.Builder builder =
                java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
                        .timeout(timeout)
                        .POST(BodyPublishers.ofString(body.apply(request.body())));
        request.headers()
                .forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
        return builder.setHeader("Accept", "application/json")
                .setHeader("Idempotency-Key", idempotencyKey)
                .build();
    }

    private HttpResponse<byte[]> exchange(java.net.http.HttpRequest request) {
        sent = true;
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(
                        request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
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
