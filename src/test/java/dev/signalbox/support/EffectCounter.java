package dev.signalbox.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The other side of the tools: takes every call that arrives, remembers it, and answers a little
/// later. Repeats are counted, not prevented. The tool `flaky` turns the first call of a key away,
/// which is not counted.
public final class EffectCounter implements AutoCloseable {

    /// A call that has arrived, whether or not its answer did.
    ///
    /// @param tool the first part of the path
    /// @param ref the second
    /// @param key the `Idempotency-Key`: the effect's id
    public record Call(String tool, String ref, String key) {}

    private static final int BACKLOG = 200;
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Set<String> turnedAway = ConcurrentHashMap.newKeySet();
    private volatile Duration delay;

    private EffectCounter(Duration delay) throws IOException {
        this.delay = delay;
        server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    /// @param delay between a call's arrival and its answer
    public static EffectCounter start(Duration delay) {
        try {
            return new EffectCounter(delay);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public EffectCounter delay(Duration next) {
        delay = next;
        return this;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public List<Call> calls() {
        return List.copyOf(calls);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String[] path = exchange.getRequestURI().getPath().split("/", 3);
            String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            if (path[1].equals("flaky") && turnedAway.add(key)) {
                exchange.getResponseHeaders().set("Retry-After", "1");
                exchange.sendResponseHeaders(UNAVAILABLE, -1);
                return;
            }
            calls.add(new Call(path[1], path[2], key));
            Thread.sleep(delay);
            byte[] answer = "{\"done\": true}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(OK, answer.length);
            exchange.getResponseBody().write(answer);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
