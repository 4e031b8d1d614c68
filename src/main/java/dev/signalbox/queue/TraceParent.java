package dev.signalbox.queue;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where in a trace something was asked for: the W3C `traceparent` of a message or a call.
///
/// @param traceId 32 hexadecimal digits, not all zero
/// @param spanId 16 hexadecimal digits, not all zero
public record TraceParent(String traceId, String spanId, boolean sampled) {

    /// Name of the message property and header.
    public static final String NAME = "traceparent";

    private static final Pattern FORM =
            Pattern.compile("(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    /// The span that the current work belongs to, if it is traced.
    public static Optional<TraceParent> current() {
        return of(Span.current().getSpanContext());
    }

    public static Optional<TraceParent> of(SpanContext span) {
        return span.isValid()
                ? Optional.of(
                        new TraceParent(span.getTraceId(), span.getSpanId(), span.isSampled()))
                : Optional.empty();
    }

    /// Reads a `traceparent`; empty for anything that is not one.
    public static Optional<TraceParent> parse(@Nullable Object text) {
        Matcher matcher = FORM.matcher(text == null ? "" : text.toString());
        return matcher.matches()
                ? of(
                        SpanContext.createFromRemoteParent(
                                matcher.group(1),
                                matcher.group(2),
                                TraceFlags.fromHex(matcher.group(3), 0),
                                TraceState.getDefault()))
                : Optional.empty();
    }

    /// The same as OpenTelemetry's own.
    public SpanContext spanContext() {
        return SpanContext.createFromRemoteParent(
                traceId,
                spanId,
                sampled ? TraceFlags.getSampled() : TraceFlags.getDefault(),
                TraceState.getDefault());
    }

    @Override
    public String toString() {
        return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
    }
}
