package dev.signalbox.app.embedded;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.signalbox.app.EmbeddedPartException;
import dev.signalbox.app.embedded.ExampleRequest.PaymentBody;
import dev.signalbox.app.embedded.ExampleRequest.Refusal;
import dev.signalbox.app.embedded.PaymentLedger.Payment;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/// The shop that the example agents work for: orders to look up, and payments that really count.
///
/// - `GET /orders/{id}`: the order; its total is the number in its id. `X-…` does not exist.
/// - `POST /refunds` `{orderId, amount}`: pays once per `Idempotency-Key`.
/// - `POST /wires` `{orderId, amount}`: pays at every call, whatever key comes along.
/// - `GET /ledger[?orderId=…]`: every payment made, and how many calls came for it.
///
/// Payments need the bearer token. Payments for `S-…` orders are answered after three seconds, for
/// `T-…` orders after thirty, and anything with `?delay=PT2S` after that; the payment is on disk
/// before the wait begins. Listens on loopback only.
public final class ExampleServices implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ExampleServices.class);
    private static final Duration SLOW = Duration.ofSeconds(3);
    private static final Duration VERY_SLOW = Duration.ofSeconds(30);
    private static final List<String> CUSTOMERS =
            List.of("Ada Byron", "Grace Murray", "Katherine Coleman", "Radia Joy", "Barbara Jane");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final PaymentLedger ledger;
    private final String token;

    private ExampleServices(int port, PaymentLedger ledger, String token) throws IOException {
        this.ledger = ledger;
        this.token = token;
        this.server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    /// Starts the services; their ledger is `payments.jsonl` in `home`.
    ///
    /// @param port 0 for any free one
    /// @param token what payments need as bearer token
    public static ExampleServices start(Path home, int port, String token, InstantSource clock) {
        // Without it the server holds small answers back for 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        PaymentLedger ledger = PaymentLedger.open(home.resolve("payments.jsonl"), clock);
        try {
            ExampleServices services = new ExampleServices(port, ledger, token);
            services.server.start();
            return services;
        } catch (IOException failed) {
            ledger.close();
            throw new EmbeddedPartException(
                    "cannot start the example services on port "
                            + port
                            + ": if the port is taken, choose another with"
                            + " signalbox.embedded.examples-port",
                    failed);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        ledger.close();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            answer(exchange);
        } catch (IOException gone) {
            LOG.debugf("a caller of the example services went away: %s", gone.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(HttpExchange exchange) throws IOException, InterruptedException {
        ExampleRequest request = new ExampleRequest(exchange);
        try {
            send(exchange, 200, route(request));
        } catch (Refusal refusal) {
            String message = String.valueOf(refusal.getMessage());
            send(
                    exchange,
                    refusal.status(),
                    Json.of(Map.of("error", Map.of("code", refusal.code(), "message", message))));
        } catch (RuntimeException failed) {
            LOG.error("the example services failed", failed);
            send(exchange, 500, Json.of(Map.of("error", Map.of("code", "internal"))));
        }
    }

    private Json route(ExampleRequest request) throws IOException, InterruptedException {
        String path = request.path();
        if (path.startsWith("/orders/")) {
            request.requireMethod("GET");
            Duration delay = request.delay();
            JsonObject order = order(path.substring("/orders/".length()));
            Thread.sleep(delay);
            return order;
        }
        return switch (path) {
            case "/refunds" -> payment(request, "refund", request.idempotencyKey());
            case "/wires" -> payment(request, "wire", Optional.empty());
            case "/ledger" -> ledger(request);
            default -> throw new Refusal(404, "not_found", "there is nothing at " + path);
        };
    }

    private static JsonObject order(String text) {
        String orderId = ExampleRequest.orderId(text);
        if (orderId.startsWith("X")) {
            throw new Refusal(404, "no_such_order", "there is no order " + orderId);
        }
        int number = Integer.parseInt(orderId.substring(2));
        Map<String, Json> order = new LinkedHashMap<>();
        order.put("orderId", Json.text(orderId));
        order.put("customer", Json.text(CUSTOMERS.get(number % CUSTOMERS.size())));
        order.put("total", Json.number(number));
        order.put("currency", Json.text("EUR"));
        order.put("status", Json.text("delivered"));
        return new JsonObject(order);
    }

    private Json payment(ExampleRequest request, String kind, Optional<String> key)
            throws IOException, InterruptedException {
        request.requireMethod("POST");
        request.requireBearer(token);
        Duration delay = request.delay();
        PaymentBody body = request.paymentBody();
        order(body.orderId());
        Payment payment = ledger.pay(kind, key, body.orderId(), body.amount());
        if (!payment.isFor(kind, body.orderId(), body.amount())) {
            throw new Refusal(
                    409,
                    "key_reused",
                    "the Idempotency-Key has paid "
                            + payment.amount()
                            + " for "
                            + payment.orderId());
        }
        Thread.sleep(delay.plus(slowness(body.orderId())));
        Map<String, Json> answer = new LinkedHashMap<>(payment.toJson().members());
        answer.remove("calls");
        answer.remove("key");
        return new JsonObject(answer);
    }

    private static Duration slowness(String orderId) {
        return switch (orderId.charAt(0)) {
            case 'S' -> SLOW;
            case 'T' -> VERY_SLOW;
            default -> Duration.ZERO;
        };
    }

    private Json ledger(ExampleRequest request) {
        request.requireMethod("GET");
        Optional<String> orderId = request.parameter("orderId");
        List<Json> items =
                ledger.payments().stream()
                        .filter(payment -> orderId.map(payment.orderId()::equals).orElse(true))
                        .<Json>map(Payment::toJson)
                        .toList();
        return Json.of(Map.of("items", items));
    }

    private static void send(HttpExchange exchange, int status, Json body) throws IOException {
        byte[] bytes = body.canonical().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
