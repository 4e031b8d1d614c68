package dev.signalbox.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/// Takes what OpenTelemetry exporters send (OTLP over HTTP, protobuf), on a free loopback port.
public final class TraceReceiver implements AutoCloseable {

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();

    private TraceReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    public static TraceReceiver start() {
        try {
            return new TraceReceiver();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Where spans are sent to.
    public URI traces() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces");
    }

    /// All spans that came.
    public List<Span> spans() {
        return List.copyOf(spans);
    }

    /// Makes `process` send its spans here, soon after each ends.
    public SignalboxProcess watch(SignalboxProcess process) {
        return process.with(
                        "QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT",
                        "http://127.0.0.1:" + server.getAddress().getPort())
                .with("QUARKUS_OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
                .with("QUARKUS_OTEL_BSP_SCHEDULE_DELAY", "PT0.2S");
    }

    private void take(HttpExchange exchange) throws IOException {
        boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        try (exchange;
                InputStream body =
                        zipped
                                ? new GZIPInputStream(exchange.getRequestBody())
                                : exchange.getRequestBody()) {
            boolean json =
                    "application/json"
                            .equals(exchange.getRequestHeaders().getFirst("Content-Type"));
            ExportTraceServiceRequest request =
                    json
                            ? OtlpJsonReader.read(body.readAllBytes())
                            : ExportTraceServiceRequest.parseFrom(body);
            request.getResourceSpansList().stream()
                    .flatMap(resource -> resource.getScopeSpansList().stream())
                    .forEach(scope -> spans.addAll(scope.getSpansList()));
            byte[] answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    /// Everything that came, as text.
    public String text() {
        return spans.toString();
    }

    /// The spans of one trace, in the order of their beginnings.
    public List<Span> trace(String traceId) {
        return spans.stream()
                .filter(span -> hex(span.getTraceId().toByteArray()).equals(traceId))
                .sorted(
                        (left, right) ->
                                Long.compare(
                                        left.getStartTimeUnixNano(), right.getStartTimeUnixNano()))
                .toList();
    }

    public static String id(Span span) {
        return hex(span.getSpanId().toByteArray());
    }

    public static String parent(Span span) {
        return hex(span.getParentSpanId().toByteArray());
    }

    /// The span's attribute as text, if it has it.
    public static Optional<String> attribute(Span span, String key) {
        return span.getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals(key))
                .map(KeyValue::getValue)
                .map(TraceReceiver::text)
                .findFirst();
    }

    private static String text(AnyValue value) {
        return value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
