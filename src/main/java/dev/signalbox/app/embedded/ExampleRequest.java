package dev.signalbox.app.embedded;

import com.sun.net.httpserver.HttpExchange;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.wire.JsonCodec;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads requests of the example services; whatever is wrong with one throws [Refusal].
record ExampleRequest(HttpExchange exchange) {

    private static final int MOST_BYTES = 64 << 10;
    private static final BigDecimal MOST = new BigDecimal(1_000_000);
    private static final Pattern ORDER = Pattern.compile("[A-Z]-[1-9][0-9]{0,5}");
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

    /// What a payment is asked for.
    record PaymentBody(String orderId, BigDecimal amount) {}

    /// A request that is not carried out.
    static final class Refusal extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final int status;
        private final String code;

        Refusal(int status, String code, String message) {
            super(message, null, false, false);
            this.status = status;
            this.code = code;
        }

        int status() {
            return status;
        }

        String code() {
            return code;
        }
    }

    String path() {
        return exchange.getRequestURI().getPath();
    }

    void requireMethod(String method) {
        if (!exchange.getRequestMethod().equals(method)) {
            exchange.getResponseHeaders().set("Allow", method);
            throw new Refusal(405, "method_not_allowed", path() + " takes " + method + " only");
        }
    }

    void requireBearer(String token) {
        if (!("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            throw new Refusal(
                    401, "unauthenticated", "payments need the bearer token 'payments-token'");
        }
    }

    Optional<String> idempotencyKey() {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst("Idempotency-Key"))
                .filter(key -> !key.isBlank());
    }

    static String orderId(String text) {
        if (!ORDER.matcher(text).matches()) {
            throw new Refusal(
                    400,
                    "invalid_order_id",
                    "an order id is a letter from A to Z, '-' and a number up to 999999, like"
                            + " A-100");
        }
        return text;
    }

    /// The first value of a query parameter.
    Optional<String> parameter(String name) {
        String query = exchange.getRequestURI().getQuery();
        return Arrays.stream(query == null ? new String[0] : query.split("&", -1))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .findFirst();
    }

    /// `?delay=PT2S` or `?delay=2`; nothing by default.
    Duration delay() {
        return parameter("delay").map(ExampleRequest::delay).orElse(Duration.ZERO);
    }

    private static Duration delay(String text) {
        try {
            Duration delay = Duration.parse(text.startsWith("P") ? text : "PT" + text + "S");
            if (!delay.isNegative() && delay.compareTo(LONGEST_DELAY) <= 0) {
                return delay;
            }
        } catch (DateTimeException _) {
            // Said below.
        }
        throw new Refusal(
                400, "invalid_delay", "a delay is a duration from PT0S to " + LONGEST_DELAY);
    }

    PaymentBody paymentBody() throws IOException {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            throw new Refusal(415, "unsupported_media_type", "the body must be application/json");
        }
        byte[] bytes = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new Refusal(413, "too_large", "the body has at most " + MOST_BYTES + " bytes");
        }
        JsonObject body;
        try {
            body = JsonCodec.parseObject(new String(bytes, StandardCharsets.UTF_8));
        } catch (ProblemException malformed) {
            throw new Refusal(400, "malformed_json", malformed.problem().detail());
        }
        return paymentBody(body);
    }

    private static PaymentBody paymentBody(JsonObject body) {
        Json orderId = body.get("orderId");
        Json amount = body.get("amount");
        if (!Set.of("orderId", "amount").containsAll(body.members().keySet())) {
            throw new Refusal(400, "unknown_field", "a payment has 'orderId' and 'amount' only");
        }
        if (!(orderId instanceof JsonText(String order))) {
            throw new Refusal(400, "invalid_order_id", "'orderId' must be a text");
        }
        if (!(amount instanceof JsonNumber(BigDecimal number))
                || number.signum() <= 0
                || number.scale() > 2
                || number.compareTo(MOST) > 0) {
            throw new Refusal(
                    400,
                    "invalid_amount",
                    "'amount' must be a number above 0, up to "
                            + MOST
                            + ", with at most two decimals");
        }
        return new PaymentBody(orderId(order), number);
    }
}
