package dev.signalbox.runtime.tool;

import dev.signalbox.domain.tool.HttpCall;
import dev.signalbox.runtime.http.Egress;
import dev.signalbox.runtime.http.RetryAfter;
import dev.signalbox.runtime.tool.AuthBindings.Credentials;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/// Tools that are HTTP calls.
///
/// - The effect id goes along as `Idempotency-Key`, the current trace as `traceparent`, and the
///   tool's auth bindings as their headers. A missing binding or configuration refuses the call
///   before anything is sent.
/// - The time-out covers everything from connecting to the last byte.
/// - Calls leave through [Egress]: to servers and addresses that the host allows.
/// - Redirects are not followed, not even on the same server: they could carry credentials
///   elsewhere, and a write that is repeated on the way is two writes.
/// - No binding's value is in any outcome, even if the server sends it back.
///
/// Not instrumented by the HTTP client's own tracing, which would put the URL, and with it
/// arguments, into spans.
@ApplicationScoped
public class HttpTools {

    private final Vertx vertx;
    private final AuthBindings bindings;
    private final Config config;
    private final InstantSource clock;
    private final Egress egress;
    private final HttpClient pooled;
    private final HttpClient fresh;

    public HttpTools(
            Vertx vertx,
            AuthBindings bindings,
            Config config,
            InstantSource clock,
            Egress egress) {
        this.vertx = vertx;
        this.bindings = bindings;
        this.config = config;
        this.clock = clock;
        this.egress = egress;
        this.pooled = vertx.createHttpClient(options().setKeepAlive(true));
        // A kept connection may turn out dead only after the request was written, and nobody could
        // say
        // whether it arrived. What must not be repeated therefore gets a connection of its own.
        this.fresh = vertx.createHttpClient(options().setKeepAlive(false));
    }

    private static HttpClientOptions options() {
        return new HttpClientOptions()
                .setTracingPolicy(TracingPolicy.IGNORE)
                .setMaxPoolSize(64)
                .setVerifyHost(true);
    }

    @PreDestroy
    void close() {
        pooled.close();
        fresh.close();
    }

    Uni<ToolOutcome> call(ToolInvocation invocation, HttpCall http) {
        return Uni.createFrom()
                .deferred(
                        () -> {
                            try {
                                return send(invocation, http);
                            } catch (CallRefused refused) {
                                return Uni.createFrom().item(refused.outcome());
                            }
                        });
    }

    private Uni<ToolOutcome> send(ToolInvocation invocation, HttpCall http) {
        OutgoingCall call =
                OutgoingCall.of(
                        http,
                        invocation.arguments(),
                        name -> config.getOptionalValue(name, String.class));
        Credentials credentials = bindings.resolve(invocation.tool().auth());
        Duration timeout = http.timeout();
        HttpClient client = invocation.tool().safeToRepeat() ? pooled : fresh;
        RequestOptions options = options(call, timeout);
        headers(invocation, call, credentials).forEach(options::putHeader);
        Answers answers =
                new Answers(
                        invocation.tool().sideEffect().writes(),
                        credentials.redaction(),
                        this::retryAfter);
        return Uni.createFrom()
                .emitter(
                        emitter -> {
                            Exchange exchange =
                                    new Exchange(
                                            vertx,
                                            answers,
                                            () -> !clock.instant().isAfter(invocation.sendBy()),
                                            emitter::complete);
                            emitter.onTermination(exchange::abandon);
                            exchange.start(client, egress, options, call.body(), timeout);
                        });
    }

    private static RequestOptions options(OutgoingCall call, Duration timeout) {
        URI uri = call.uri();
        boolean secure = uri.getScheme().equals("https");
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return new RequestOptions()
                .setMethod(HttpMethod.valueOf(call.method().name()))
                .setHost(uri.getHost())
                .setPort(uri.getPort() < 0 ? (secure ? 443 : 80) : uri.getPort())
                .setSsl(secure)
                .setURI(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery())
                .setConnectTimeout(timeout.toMillis())
                .setFollowRedirects(false);
    }

    private static Map<String, String> headers(
            ToolInvocation invocation, OutgoingCall call, Credentials credentials) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.putAll(call.headers());
        headers.put("Accept", "application/json, */*;q=0.5");
        headers.put("User-Agent", "signalbox");
        call.body().ifPresent(_ -> headers.put("Content-Type", "application/json"));
        headers.putAll(credentials.headers());
        headers.put("Idempotency-Key", invocation.effectId().value());
        W3CTraceContextPropagator.getInstance()
                .inject(
                        Context.current(),
                        headers,
                        (carrier, name, value) -> {
                            if (carrier != null) {
                                carrier.put(name, value);
                            }
                        });
        return headers;
    }

    private Optional<Duration> retryAfter(Optional<String> header) {
        Instant now = clock.instant();
        return header.flatMap(value -> RetryAfter.parse(value, now));
    }
}
