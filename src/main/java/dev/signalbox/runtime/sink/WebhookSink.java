package dev.signalbox.runtime.sink;

import dev.signalbox.runtime.http.Egress;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// A URL of somebody else: each event is a `POST` of a structured CloudEvent, signed as Standard
/// Webhooks have it (`webhook-id`, `webhook-timestamp`, `webhook-signature`).
///
/// Guarantee: goes where the egress rules let calls go, and follows no redirect. An answer from 200
/// to 299 takes the event; a redirect, or one that says that the event itself is wrong, never will;
/// after every other, and after none, it is sent again.
final class WebhookSink implements EventSink {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String ENCODED_KEY = "whsec_";
    private static final int SHORTEST_KEY = 16;
    private static final Set<Integer> NEVER = Set.of(400, 405, 406, 410, 411, 413, 414, 415, 422);

    private final HttpClient client;
    private final Egress egress;
    private final InstantSource clock;
    private final String url;
    private final byte[] key;
    private final Duration timeout;

    /// @param key see [#key(String)]
    WebhookSink(
            HttpClient client,
            Egress egress,
            InstantSource clock,
            String url,
            byte[] key,
            Duration timeout) {
        this.client = client;
        this.egress = egress;
        this.clock = clock;
        this.url = url;
        this.key = key.clone();
        this.timeout = timeout;
    }

    /// The key that a secret stands for: what follows `whsec_` in Base64, or the text itself. Empty if
    /// it is malformed or shorter than 16 bytes.
    static Optional<byte[]> key(String secret) {
        try {
            byte[] key =
                    secret.startsWith(ENCODED_KEY)
                            ? Base64.getDecoder().decode(secret.substring(ENCODED_KEY.length()))
                            : secret.getBytes(StandardCharsets.UTF_8);
            return key.length < SHORTEST_KEY ? Optional.empty() : Optional.of(key);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public Uni<Void> send(OutgoingEvent event) {
        AtomicReference<@Nullable HttpClientRequest> sent = new AtomicReference<>();
        return Uni.createFrom()
                .completionStage(() -> post(event, sent).toCompletionStage())
                .ifNoItem()
                .after(timeout)
                .fail()
                .onFailure(TimeoutException.class)
                .transform(_ -> new NotNow("no complete answer within " + timeout))
                .onFailure()
                .invoke(() -> reset(sent.get()))
                .onCancellation()
                .invoke(() -> reset(sent.get()))
                .invoke(WebhookSink::judge)
                .replaceWithVoid();
    }

    private Future<Integer> post(
            OutgoingEvent event, AtomicReference<@Nullable HttpClientRequest> sent) {
        String body = event.json();
        String time = Long.toString(clock.instant().getEpochSecond());
        RequestOptions options =
                new RequestOptions()
                        .setAbsoluteURI(url)
                        .setMethod(HttpMethod.POST)
                        .setFollowRedirects(false)
                        .putHeader("Content-Type", "application/cloudevents+json; charset=utf-8")
                        .putHeader("User-Agent", "signalbox")
                        .putHeader("webhook-id", event.id())
                        .putHeader("webhook-timestamp", time)
                        .putHeader(
                                "webhook-signature", signature(key, event.id(), time, body));
        return egress.bound(options)
                .compose(client::request)
                .compose(
                        request -> {
                            // The answer's future says what fails; it would be logged as well.
                            request.exceptionHandler(_ -> {});
                            sent.set(request);
                            return request.send(Buffer.buffer(body));
                        })
                .compose(answer -> answer.end().map(answer.statusCode()));
    }

    private static void reset(@Nullable HttpClientRequest request) {
        if (request != null) {
            request.reset();
        }
    }

    private static void judge(int status) {
        if (status >= 200 && status < 300) {
            return;
        }
        String answer = "the answer was " + status;
        if ((status >= 300 && status < 400) || NEVER.contains(status)) {
            throw new Refused(answer);
        }
        throw new NotNow(answer);
    }

    static String signature(byte[] key, String id, String time, String body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            String signed = id + "." + time + "." + body;
            return "v1,"
                    + Base64.getEncoder()
                            .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, impossible);
        }
    }
}
