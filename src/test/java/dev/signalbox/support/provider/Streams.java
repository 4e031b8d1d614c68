package dev.signalbox.support.provider;

import dev.signalbox.domain.json.Json;
import dev.signalbox.support.OpenAiReply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Answers that come in parts.
final class Streams {

    private Streams() {}

    /// Server-sent events without names.
    static OpenAiReply events(List<String> data) {
        return OpenAiReply.raw(
                        200,
                        data.stream()
                                .map(one -> "data: " + one + "\n\n")
                                .collect(Collectors.joining()))
                .header("Content-Type", "text/event-stream; charset=utf-8");
    }

    /// Server-sent events that are named as the `type` of their data.
    static OpenAiReply named(List<Map<String, Object>> data) {
        return OpenAiReply.raw(
                        200,
                        data.stream()
                                .map(
                                        one ->
                                                "event: "
                                                        + one.get("type")
                                                        + "\ndata: "
                                                        + Json.of(one).canonical()
                                                        + "\n\n")
                                .collect(Collectors.joining()))
                .header("Content-Type", "text/event-stream; charset=utf-8");
    }

    /// One JSON value a line.
    static OpenAiReply lines(List<String> lines) {
        return OpenAiReply.raw(200, String.join("\n", lines) + "\n")
                .header("Content-Type", "application/x-ndjson");
    }

    static String json(Map<String, Object> value) {
        return Json.of(value).canonical();
    }

    /// Names and values in turns; unlike [Map#of] it takes null, and keeps the order.
    static Map<String, Object> map(@Nullable Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int index = 0; index < namesAndValues.length; index += 2) {
            map.put((String) namesAndValues[index], namesAndValues[index + 1]);
        }
        return map;
    }
}
