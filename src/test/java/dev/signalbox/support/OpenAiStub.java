package dev.signalbox.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.ProblemException;
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
import java.util.function.Function;

/// A server that speaks OpenAI's chat completions, on a free loopback port.
///
/// A test says what comes back, in order ([#reply]) or as a function of the request ([#otherwise]),
/// and reads what was asked ([#requests]). A request that OpenAI would refuse is refused here too,
/// see [OpenAiRules], and stands in [#refusals]; a request that nobody scripted an answer for gets
/// 500.
public final class OpenAiStub implements AutoCloseable {

    /// One request that was accepted.
    public record Request(Map<String, List<String>> headers, JsonObject body) {

        public Optional<String> header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(header -> header.getValue().getFirst())
                    .findFirst();
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<OpenAiReply> replies = new ConcurrentLinkedQueue<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private volatile Optional<String> key = Optional.empty();
    private volatile Function<Request, OpenAiReply> otherwise =
            _ -> OpenAiReply.error(500, "server_error", "the test scripted no reply");

    private OpenAiStub(int port) throws IOException {
        server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public static OpenAiStub start() throws IOException {
        return new OpenAiStub(0);
    }

    /// What `signalbox.models.openai.base-url` is set to.
    public String baseUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /// From now on every request needs this key.
    public OpenAiStub requireKey(String required) {
        key = Optional.of(required);
        return this;
    }

    /// Answers the next requests, one each.
    public OpenAiStub reply(OpenAiReply... next) {
        replies.addAll(List.of(next));
        return this;
    }

    /// Answers every request that no [#reply] is left for.
    public OpenAiStub otherwise(Function<Request, OpenAiReply> answer) {
        otherwise = answer;
        return this;
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /// Why requests were refused.
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
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (key.isPresent() && !("Bearer " + key.get()).equals(authorization)) {
            // As OpenAI does: the wrong key comes back in the message.
            return refuse(401, "invalid_api_key", "Incorrect API key provided: " + authorization);
        }
        if (!exchange.getRequestURI().getPath().equals("/v1/chat/completions")) {
            return refuse(404, "unknown_url", "Unknown request URL: " + exchange.getRequestURI());
        }
        if (!exchange.getRequestMethod().equals("POST")) {
            return refuse(405, "method_not_supported", "Only POST");
        }
        try {
            JsonObject body = JsonCodec.parseObject(text);
            OpenAiRules.check(exchange.getRequestHeaders().getFirst("Content-Type"), body);
            Request request = new Request(Map.copyOf(exchange.getRequestHeaders()), body);
            requests.add(request);
            OpenAiReply next = replies.poll();
            return next != null ? next : otherwise.apply(request);
        } catch (ProblemException | IllegalArgumentException bad) {
            return refuse(400, "invalid_request", bad.getMessage());
        }
    }

    private OpenAiReply refuse(int status, String code, String message) {
        refusals.add(status + " " + message);
        return OpenAiReply.error(status, code, message);
    }

    /// The text of a message of the request's conversation.
    public static String content(Request request, int index) {
        Json messages = request.body().get("messages");
        Json message = ((Json.JsonArray) messages).items().get(index);
        return ((Json.JsonText) ((JsonObject) message).get("content")).value();
    }
}
