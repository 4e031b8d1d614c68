package dev.signalbox.app.http;

import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// How long a body may be, on both planes.
///
/// Guarantee: a body that is too long is answered `too_large`, over HTTP/1.1 and HTTP/2, whether or
/// not it says how long it is. One that says so is refused before it is read; one that does not is
/// counted while it is read. The REST layer's own count is switched off: it answers by itself,
/// without a problem, and with a header that makes clients refuse the whole of an HTTP/2 answer.
///
/// A client that is still sending when it is answered is heard out for a while: a connection that
/// closes under it would take the answer with it.
@ApplicationScoped
@Provider
public class BodyLimit implements ReaderInterceptor {

    /// Right after [PlaneBoundary].
    private static final int EARLY = 990;

    /// Behind the handler that tells the REST layer its limit.
    private static final int AFTER_LIMIT = -1;

    private static final int MAX_LENGTH_DIGITS = 18;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int PATIENCE_FACTOR = 16;

    private final Vertx vertx;
    private final Refusals refusals;
    private final long maxBody;

    BodyLimit(
            Vertx vertx,
            Refusals refusals,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize maxBody) {
        this.vertx = vertx;
        this.refusals = refusals;
        this.maxBody = maxBody.asLongValue();
    }

    void install(@Observes Filters filters) {
        filters.register(this::check, EARLY);
    }

    void install(@Observes Router router) {
        router.route().order(AFTER_LIMIT).handler(BodyLimit::switchOff);
    }

    private static void switchOff(RoutingContext context) {
        context.remove(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY);
        context.next();
    }

    private void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        context.addEndHandler(_ -> hearOut(request));
        if (announcesTooMuch(request.getHeader(HttpHeaders.CONTENT_LENGTH))) {
            if (request.version() != HttpVersion.HTTP_2) {
                context.response().putHeader(HttpHeaders.CONNECTION, "close");
            }
            refusals.refuse(context, ProblemCode.TOO_LARGE, tooLong());
        } else {
            context.next();
        }
    }

    private boolean announcesTooMuch(@Nullable String length) {
        return length != null
                && length.chars().allMatch(Character::isDigit)
                && (length.length() > MAX_LENGTH_DIGITS || Long.parseLong(length) > maxBody);
    }

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext body) throws IOException {
        if (!body.getHeaders().containsKey("Content-Length")) {
            body.setInputStream(new Counted(body.getInputStream()));
        }
        return body.proceed();
    }

    private String tooLong() {
        return "a body has at most " + maxBody + " bytes";
    }

    /// Takes what comes after the answer and drops it.
    private void hearOut(HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        long timer = vertx.setTimer(PATIENCE.toMillis(), _ -> hangUp(request));
        request.endHandler(
                _ -> {
                    vertx.cancelTimer(timer);
                    if (request.response().headers().contains(HttpHeaders.CONNECTION)) {
                        hangUp(request);
                    }
                });
        request.exceptionHandler(_ -> vertx.cancelTimer(timer));
        request.handler(
                _ -> {
                    if (request.bytesRead() > PATIENCE_FACTOR * maxBody) {
                        hangUp(request);
                    }
                });
        request.resume();
    }

    private static void hangUp(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset();
        } else {
            request.connection().close();
        }
    }

    /// A body that fails when it is too long.
    private final class Counted extends FilterInputStream {

        private long left = maxBody;

        Counted(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            return count(1, super.read());
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            return count(read, read);
        }

        private int count(int bytes, int result) throws IOException {
            left -= result < 0 ? 0 : bytes;
            if (left < 0) {
                throw new IOException(ProblemException.of(ProblemCode.TOO_LARGE, tooLong()));
            }
            return result;
        }

        /// Closing reads the rest, which nobody needs of a body that is too long.
        @Override
        public void close() throws IOException {
            if (left >= 0) {
                super.close();
            }
        }
    }
}
