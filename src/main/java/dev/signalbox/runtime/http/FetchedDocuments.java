package dev.signalbox.runtime.http;

import dev.signalbox.definition.RemoteDocuments;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Fetches what definitions are made of, by the same way out as their calls; redirects are not
/// followed.
@ApplicationScoped
public class FetchedDocuments implements RemoteDocuments {

    private static final int MOST_BYTES = 4_000_000;
    private static final int PATIENCE_SECONDS = 20;

    private final Egress egress;
    private final HttpClient client;

    public FetchedDocuments(Vertx vertx, Egress egress) {
        this.egress = egress;
        this.client =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setTracingPolicy(TracingPolicy.IGNORE)
                                .setVerifyHost(true));
    }

    @PreDestroy
    void close() {
        client.close();
    }

    @Override
    public String fetch(URI uri) throws IOException {
        if (uri.getHost() == null) {
            throw new IOException("the address names no server");
        }
        CompletableFuture<String> text = new CompletableFuture<>();
        egress.bound(request(uri))
                .compose(client::request)
                .compose(
                        request -> {
                            request.exceptionHandler(text::completeExceptionally);
                            return request.send();
                        })
                .onSuccess(response -> read(response, text))
                .onFailure(text::completeExceptionally);
        try {
            return text.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            throw new IOException(String.valueOf(cause.getMessage()), cause);
        } catch (TimeoutException _) {
            throw new IOException("no complete answer within " + PATIENCE_SECONDS + " seconds");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private static void read(HttpClientResponse response, CompletableFuture<String> text) {
        if (response.statusCode() != 200) {
            text.completeExceptionally(
                    new IOException("the server answered " + response.statusCode()));
            response.request().reset();
            return;
        }
        Buffer body = Buffer.buffer();
        response.exceptionHandler(text::completeExceptionally)
                .endHandler(_ -> text.complete(body.toString(StandardCharsets.UTF_8)))
                .handler(
                        chunk -> {
                            body.appendBuffer(chunk);
                            if (body.length() > MOST_BYTES) {
                                text.completeExceptionally(
                                        new IOException(
                                                "the answer is larger than "
                                                        + MOST_BYTES
                                                        + " bytes"));
                                response.request().reset();
                            }
                        });
    }

    private static RequestOptions request(URI uri) {
        boolean secure = uri.getScheme().equals("https");
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(uri.getHost())
                .setPort(uri.getPort() < 0 ? (secure ? 443 : 80) : uri.getPort())
                .setSsl(secure)
                .setURI(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery())
                .setFollowRedirects(false)
                .putHeader("Accept", "application/yaml, application/json, */*;q=0.5")
                .putHeader("User-Agent", "signalbox");
    }
}
