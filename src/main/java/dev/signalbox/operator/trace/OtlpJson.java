package dev.signalbox.operator.trace;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.observe.Telemetry;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Spans as OTLP/JSON: what `POST /v1/traces` of any OpenTelemetry receiver takes.
///
/// As OTLP wants it: ids in hexadecimal, 64-bit integers as texts, enums as numbers.
public final class OtlpJson {

    private static final int ERROR = 2;
    private static final long NANOS = 1_000_000_000L;

    private OtlpJson() {}

    /// An `ExportTraceServiceRequest`.
    ///
    /// @param above the span that the run was submitted under, if there was one
    public static JsonObject of(
            String traceId, Optional<String> above, List<JournalSpan> spans) {
        Json resource =
                object("attributes", attributes(Map.of("service.name", Json.text("signalbox"))));
        Json scope = object("name", Json.text(Telemetry.SCOPE + ".journal"));
        List<Json> list =
                spans.stream().<Json>map(span -> span(traceId, above, span)).toList();
        JsonObject scopeSpans = object("scope", scope, "spans", new JsonArray(list));
        JsonObject resourceSpans =
                object("resource", resource, "scopeSpans", new JsonArray(List.of(scopeSpans)));
        return object("resourceSpans", new JsonArray(List.of(resourceSpans)));
    }

    private static JsonObject span(String traceId, Optional<String> above, JournalSpan span) {
        Map<String, Json> json = new LinkedHashMap<>();
        json.put("traceId", Json.text(traceId));
        json.put("spanId", Json.text(span.id()));
        span.parent().or(() -> above).ifPresent(id -> json.put("parentSpanId", Json.text(id)));
        json.put("name", Json.text(span.name()));
        json.put("kind", Json.number(span.kind().number()));
        json.put("startTimeUnixNano", nanos(span.start()));
        json.put("endTimeUnixNano", nanos(span.end()));
        json.put("attributes", attributes(span.attributes()));
        json.put("events", new JsonArray(span.marks().stream().map(OtlpJson::mark).toList()));
        span.error()
                .ifPresent(
                        why ->
                                json.put(
                                        "status",
                                        object(
                                                "code",
                                                Json.number(ERROR),
                                                "message",
                                                Json.text(why))));
        return new JsonObject(json);
    }

    private static Json mark(JournalSpan.Mark mark) {
        return object(
                "timeUnixNano",
                nanos(mark.at()),
                "name",
                Json.text(mark.type()),
                "attributes",
                attributes(mark.attributes()));
    }

    private static Json nanos(Instant at) {
        return Json.text(Long.toString(at.getEpochSecond() * NANOS + at.getNano()));
    }

    private static JsonArray attributes(Map<String, Json> attributes) {
        return new JsonArray(
                attributes.entrySet().stream()
                        .<Json>map(
                                entry ->
                                        object(
                                                "key",
                                                Json.text(entry.getKey()),
                                                "value",
                                                entry.getKey().endsWith(".usd")
                                                        ? object("doubleValue", entry.getValue())
                                                        : value(entry.getValue())))
                        .toList());
    }

    private static JsonObject value(Json value) {
        return switch (value) {
            case JsonText _ -> object("stringValue", value);
            case JsonBool _ -> object("boolValue", value);
            case JsonNumber(BigDecimal number) ->
                    number.scale() <= 0
                            ? object("intValue", Json.text(number.toPlainString()))
                            : object("doubleValue", value);
            case JsonArray(List<Json> items) ->
                    object(
                            "arrayValue",
                            object(
                                    "values",
                                    new JsonArray(
                                            items.stream().<Json>map(OtlpJson::value).toList())));
            case JsonNull _, JsonObject _ -> object("stringValue", Json.text(value.canonical()));
        };
    }

    private static JsonObject object(Object... members) {
        Map<String, Json> object = new LinkedHashMap<>();
        for (int i = 0; i < members.length; i += 2) {
            object.put((String) members[i], (Json) members[i + 1]);
        }
        return new JsonObject(object);
    }
}
