package dev.signalbox.runtime.tool;

import dev.signalbox.runtime.http.Egress;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One HTTP exchange, from connecting to the last byte of the answer.
///
/// Guarantee: ends once, at the latest when the time is up, and knows then how far it had come: not
/// connected, sent, or answered in part.
final class Exchange {

    private final Vertx vertx;
    private final Answers answers;
    private final BooleanSupplier maySend;
    private final Consumer<ToolOutcome> completion;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Buffer body = Buffer.buffer();
    private volatile long timer;
    private volatile @Nullable HttpClientRequest request;
    private volatile @Nullable HttpClientResponse response;

    /// @param maySend asked once the connection is there, right before anything is sent
    Exchange(
            Vertx vertx,
            Answers answers,
            BooleanSupplier maySend,
            Consumer<ToolOutcome> completion) {
        this.vertx = vertx;
        this.answers = answers;
        this.maySend = maySend;
        this.completion = completion;
    }

    /// @param egress says which address the request may go to
    void start(
            HttpClient client,
            Egress egress,
            RequestOptions options,
            Optional<String> content,
            Duration timeout) {
        timer = vertx.setTimer(Math.max(1, timeout.toMillis()), _ -> timeUp(timeout));
        Context context = vertx.getOrCreateContext();
        egress.bound(options)
                .onSuccess(
                        bound -> context.runOnContext(_ -> request(client, bound, options, content)))
                .onFailure(failure -> end(answers.notConnected(options, failure)));
    }

    /// On the context that the answer comes to: from anywhere else its handlers could be set too late,
    /// when a short answer has gone by.
    private void request(
            HttpClient client,
            RequestOptions bound,
            RequestOptions options,
            Optional<String> content) {
        client.request(bound)
                .onSuccess(connected -> send(connected, content))
                .onFailure(failure -> end(answers.notConnected(options, failure)));
    }

    /// Drops the exchange; nobody hears of it again.
    void abandon() {
        ended.set(true);
        vertx.cancelTimer(timer);
        reset(request);
    }

    private void send(HttpClientRequest connected, Optional<String> content) {
        // The answer's future says what fails; without a handler it would be logged as well.
        connected.exceptionHandler(_ -> {});
        if (ended.get()) {
            reset(connected);
            return;
        }
        if (!maySend.getAsBoolean()) {
            end(answers.tooLate());
            reset(connected);
            return;
        }
        request = connected;
        content.map(connected::send)
                .orElseGet(connected::send)
                .onSuccess(this::read)
                .onFailure(_ -> end(answers.broken(head())));
    }

    private void read(HttpClientResponse answer) {
        response = answer;
        answer.exceptionHandler(_ -> end(answers.broken(head())))
                .endHandler(_ -> end(answers.complete(Head.of(answer), body)))
                .handler(this::collect);
    }

    private void collect(Buffer chunk) {
        if (body.length() + chunk.length() <= Answers.MOST_BYTES) {
            body.appendBuffer(chunk);
        } else if (!ended.get()) {
            head().map(answers::tooLarge).ifPresent(this::end);
            reset(request);
        }
    }

    private void timeUp(Duration timeout) {
        end(
                request == null
                        ? answers.notConnectedInTime(timeout)
                        : answers.notInTime(head(), timeout));
        reset(request);
    }

    private void end(ToolOutcome outcome) {
        if (ended.compareAndSet(false, true)) {
            vertx.cancelTimer(timer);
            completion.accept(outcome);
        }
    }

    private Optional<Head> head() {
        return Optional.ofNullable(response).map(Head::of);
    }

    private static void reset(@Nullable HttpClientRequest request) {
        if (request != null) {
            request.reset();
        }
    }

    /// What came before an answer's body.
    record Head(int status, Optional<String> retryAfter, Optional<String> contentType) {

        static Head of(HttpClientResponse response) {
            return new Head(
                    response.statusCode(),
                    Optional.ofNullable(response.getHeader("Retry-After")),
                    Optional.ofNullable(response.getHeader("Content-Type")));
        }
    }
}
