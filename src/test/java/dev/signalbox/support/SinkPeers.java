package dev.signalbox.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// A sink of each kind for an application under test, and the one who takes its webhooks: `/take`
/// takes, `/busy` takes an event the second time, `/moved` redirects, `/all` shows what was taken. `/crm`
/// is a tool of the agent `greeter`, which asks people first.
public final class SinkPeers implements QuarkusTestResourceLifecycleManager {

    public static final String SECRET = "the-key-that-signs";
    public static final String EMAIL = "ann@planted.example";

    private static final String AGENT =
            """
            kind: policy
            name: asking
            default: deny
            rules:
              - id: ask
                when: "tool.name == 'crm.find'"
                then: require_approval
                approval: {approvers: ["role:support-lead"], expiresIn: PT1H}
            ---
            kind: tool
            name: crm.find
            description: Finds a customer.
            input: {type: object, properties: {name: {type: string}}}
            output:
              type: object
              properties:
                email: {type: string, x-sensitive: true}
                note: {type: string}
            sideEffect: read
            idempotency: natural
            http: {method: POST, url: "SERVER/crm"}
            ---
            kind: agent
            name: greeter
            version: 1.0.0
            model: {provider: scripted}
            instructions: You greet.
            tools: [crm.find]
            policy: asking
            limits: {modelCalls: 3, toolCalls: 3, wallClock: PT10M}
            input:
              schema:
                type: object
                properties:
                  name: {type: string, x-sensitive: true}
                  password: {type: string}
                  city: {type: string}
            output:
              schema:
                type: object
                required: [greeting, city]
                properties:
                  greeting: {type: string}
                  city: {type: string}
            script:
              - tools: [{name: crm.find, arguments: "{'name': input.name}"}]
              - text: '{"greeting": "Hello ${input.name}, ${results[0].email}", "city": "${input.city}"}'
            """;

    private final Queue<String> taken = new ConcurrentLinkedQueue<>();
    private final Map<String, Boolean> seen = new ConcurrentHashMap<>();
    private @Nullable HttpServer server;

    @Override
    public Map<String, String> start() {
        Path home = TestServices.directory("sinks-" + System.nanoTime());
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", this::answer);
            server.start();
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            Path definitions = Files.createDirectories(home.resolve("definitions"));
            Files.writeString(definitions.resolve("greeter.yaml"), AGENT.replace("SERVER", url));
            return Map.ofEntries(
                    Map.entry("signalbox.definitions", definitions.toString()),
                    Map.entry("signalbox.egress.private-addresses", "127.0.0.1"),
                    Map.entry("sinks.home", home.toString()),
                    Map.entry("sinks.url", url),
                    Map.entry("signalbox.sinks.safe.kind", "file"),
                    Map.entry("signalbox.sinks.safe.path", home.resolve("safe.jsonl").toString()),
                    Map.entry("signalbox.sinks.open.kind", "file"),
                    Map.entry("signalbox.sinks.open.path", home.resolve("open.jsonl").toString()),
                    Map.entry("signalbox.sinks.open.pii-safe", "false"),
                    Map.entry("signalbox.sinks.line.kind", "log"),
                    Map.entry("signalbox.sinks.broker.kind", "amqp"),
                    Map.entry("signalbox.sinks.hook.kind", "webhook"),
                    Map.entry("signalbox.sinks.hook.url", url + "/take"),
                    Map.entry("signalbox.sinks.hook.secret", SECRET),
                    Map.entry("signalbox.sinks.busy.kind", "webhook"),
                    Map.entry("signalbox.sinks.busy.url", url + "/busy"),
                    Map.entry("signalbox.sinks.busy.secret", SECRET),
                    Map.entry("signalbox.sinks.busy.types", "dev.signalbox.run.completed"),
                    Map.entry("signalbox.sinks.moved.kind", "webhook"),
                    Map.entry("signalbox.sinks.moved.url", url + "/moved"),
                    Map.entry("signalbox.sinks.moved.secret", SECRET),
                    Map.entry("signalbox.sinks.moved.types", "dev.signalbox.run.completed"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String id = String.valueOf(exchange.getRequestHeaders().getFirst("webhook-id"));
        int status = 204;
        switch (path) {
            case "/busy" -> status = seen.putIfAbsent(id, true) == null ? 503 : 204;
            case "/moved" -> {
                exchange.getResponseHeaders().set("Location", "/take");
                status = 307;
            }
            case "/all" -> {
                say(exchange, String.join("\n", taken));
                return;
            }
            case "/crm" -> {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                say(
                        exchange,
                        "{\"email\": \"%s\", \"note\": \"write to %s\"}"
                                .formatted(EMAIL, EMAIL));
                return;
            }
            default -> {}
        }
        if (status == 204) {
            taken.add(
                    String.join(
                            "\t",
                            path,
                            id,
                            exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                            exchange.getRequestHeaders().getFirst("webhook-signature"),
                            body));
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private static void say(HttpExchange exchange, String text) throws IOException {
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, all.length == 0 ? -1 : all.length);
        exchange.getResponseBody().write(all);
        exchange.close();
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
        }
    }
}
