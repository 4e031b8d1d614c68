package dev.signalbox.support.provider;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.support.OpenAiReply;
import dev.signalbox.wire.JsonCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A server that speaks one provider's API, on a free loopback port.
///
/// A test says what comes back, in order. A request that the provider would refuse is refused here
/// too, and stands in [#refusals].
public final class ProviderStub implements AutoCloseable {

    /// One request that was accepted.
    public record Request(Map<String, List<String>> headers, String path, JsonObject body) {

        public Optional<String> header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(header -> header.getValue().getFirst())
                    .findFirst();
        }
    }

    private final ProviderWire wire;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<OpenAiReply> replies = new ConcurrentLinkedQueue<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private volatile Optional<String> key = Optional.empty();

    private ProviderStub(ProviderWire wire) throws IOException {
        this.wire = wire;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public static ProviderStub start(ProviderWire wire) throws IOException {
        return new ProviderStub(wire);
    }

    public String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// From now on every request needs this key.
    public ProviderStub requireKey(String required) {
        key = Optional.of(required);
        return this;
    }

    /// Answers the next requests, one each.
    public ProviderStub reply(OpenAiReply... next) {
        replies.addAll(List.of(next));
        return this;
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    public List<String> refusals() {
        return List.copyOf(refusals);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String text =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            answer(exchange, text).play(exchange);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private OpenAiReply answer(HttpExchange exchange, String text) {
        if (key.isPresent()) {
            List<String> header = wire.keyHeader(key.get());
            String sent = exchange.getRequestHeaders().getFirst(header.getFirst());
            if (!header.getLast().equals(sent)) {
                return refuse(401, "authentication_error", "invalid key: " + sent);
            }
        }
        String path = exchange.getRequestURI().toString();
        if (!(path.equals(wire.path()) || path.equals(wire.streamPath())) || !exchange.getRequestMethod().equals("POST")) {
            return refuse(404, "not_found_error", "no such URL: " + path);
        }
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.startsWith("application/json")) {
            return refuse(400, "invalid_request_error", "content type " + type);
        }
        try {
            JsonObject body = JsonCodec.parseObject(text);
            wire.check(body);
            requests.add(new Request(Map.copyOf(exchange.getRequestHeaders()), path, body));
            OpenAiReply next = replies.poll();
            return next != null ? next : wire.error(500, "api_error", "no reply is scripted");
        } catch (ProblemException | IllegalArgumentException bad) {
            return refuse(400, "invalid_request_error", bad.getMessage());
        }
    }

    private OpenAiReply refuse(int status, String code, String message) {
        refusals.add(status + " " + message);
        return wire.error(status, code, message);
    }
}
