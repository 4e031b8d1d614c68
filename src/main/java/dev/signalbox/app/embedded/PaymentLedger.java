package dev.signalbox.app.embedded;

import dev.signalbox.app.EmbeddedPartException;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.wire.JsonCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Every payment that the example services made, in a file of JSON lines.
///
/// Guarantee: a payment is on disk before [#pay] answers, and one key pays once, across any kill of
/// the process. A last line that a kill left half-written was never answered, and is dropped.
final class PaymentLedger implements AutoCloseable {

    /// @param key the caller's `Idempotency-Key`, if the payment honours one
    /// @param calls how many calls came for this payment, the first included
    record Payment(
            String paymentId,
            String kind,
            Optional<String> key,
            String orderId,
            BigDecimal amount,
            Instant at,
            int calls) {

        boolean isFor(String otherKind, String otherOrder, BigDecimal otherAmount) {
            return kind.equals(otherKind)
                    && orderId.equals(otherOrder)
                    && amount.compareTo(otherAmount) == 0;
        }

        JsonObject toJson() {
            Map<String, Json> members = new LinkedHashMap<>();
            members.put("paymentId", Json.text(paymentId));
            members.put("kind", Json.text(kind));
            members.put("key", key.<Json>map(Json::text).orElse(JsonNull.NULL));
            members.put("orderId", Json.text(orderId));
            members.put("amount", new JsonNumber(amount));
            members.put("at", Json.text(at.toString()));
            members.put("calls", Json.number(calls));
            return new JsonObject(members);
        }

        private Payment calledAgain() {
            return new Payment(paymentId, kind, key, orderId, amount, at, calls + 1);
        }

        private static Payment of(JsonObject line) {
            return new Payment(
                    text(line, "paymentId"),
                    text(line, "kind"),
                    line.get("key") instanceof JsonText(String key)
                            ? Optional.of(key)
                            : Optional.empty(),
                    text(line, "orderId"),
                    line.get("amount") instanceof JsonNumber(BigDecimal amount)
                            ? amount
                            : BigDecimal.ZERO,
                    Instant.parse(text(line, "at")),
                    1);
        }
    }

    private final InstantSource clock;
    private final FileChannel file;
    private final List<Payment> payments = new ArrayList<>();
    private final Map<String, Integer> byKey = new HashMap<>();

    private PaymentLedger(FileChannel file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    static PaymentLedger open(Path path, InstantSource clock) {
        try {
            FileChannel file =
                    FileChannel.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            PaymentLedger ledger = new PaymentLedger(file, clock);
            ledger.load(Files.readAllBytes(path));
            return ledger;
        } catch (IOException failed) {
            throw new EmbeddedPartException("cannot open the ledger " + path, failed);
        } catch (ProblemException malformed) {
            throw new EmbeddedPartException("the ledger " + path + " is damaged", malformed);
        }
    }

    /// Pays, unless `key` paid before.
    ///
    /// @return the payment; another one than was asked for if the key was used for that
    synchronized Payment pay(String kind, Optional<String> key, String orderId, BigDecimal amount) {
        Integer earlier = key.map(byKey::get).orElse(null);
        if (earlier != null) {
            append(new JsonObject(Map.of("again", Json.text(key.orElseThrow()))));
            return payments.set(earlier, payments.get(earlier).calledAgain()).calledAgain();
        }
        String paymentId = "P-" + (payments.size() + 1);
        Payment payment = new Payment(paymentId, kind, key, orderId, amount, clock.instant(), 1);
        append(payment.toJson());
        remember(payment);
        return payment;
    }

    synchronized List<Payment> payments() {
        return List.copyOf(payments);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void append(JsonObject line) {
        try {
            ByteBuffer bytes =
                    ByteBuffer.wrap((line.canonical() + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(false);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write the ledger", failed);
        }
    }

    private void load(byte[] content) throws IOException {
        int start = 0;
        for (int end = 0; end < content.length; end++) {
            if (content[end] == '\n') {
                String line = new String(content, start, end - start, StandardCharsets.UTF_8);
                replay(JsonCodec.parseObject(line));
                start = end + 1;
            }
        }
        file.truncate(start);
        file.position(start);
    }

    private void replay(JsonObject line) {
        if (line.get("again") instanceof JsonText(String key)) {
            byKey.computeIfPresent(
                    key,
                    (_, index) -> {
                        payments.set(index, payments.get(index).calledAgain());
                        return index;
                    });
        } else {
            remember(Payment.of(line));
        }
    }

    private void remember(Payment payment) {
        payment.key().ifPresent(key -> byKey.put(key, payments.size()));
        payments.add(payment);
    }

    private static String text(JsonObject line, String name) {
        return line.get(name) instanceof JsonText(String text) ? text : "";
    }
}
