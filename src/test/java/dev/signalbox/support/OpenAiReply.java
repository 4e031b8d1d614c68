package dev.signalbox.support;

import dev.signalbox.domain.json.Json;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a model provider's stub answers to one request.
///
/// @param delay before the first byte
public record OpenAiReply(
        int status, Map<String, String> headers, String body, Duration delay, Pace pace) {

    /// How the body comes.
    public sealed interface Pace {

        record AtOnce() implements Pace {}

        /// Half of it, and then the connection breaks.
        record Cut() implements Pace {}

        /// Chunked: what stands up to the next empty line or end of line behind `words`, and the rest
        /// a while later.
        record Halting(String words, Duration pause) implements Pace {}

        /// Chunked, byte by byte.
        record Dribble(Duration pause) implements Pace {}
    }

    /// A call that the model makes; the arguments are the text that goes out.
    public record Call(String id, String name, String arguments) {}

    public static OpenAiReply text(String text) {
        return completion("stop", Map.of("role", "assistant", "content", text));
    }

    public static OpenAiReply calls(Call... calls) {
        Map<String, Object> message = new HashMap<>();
        message.put("role", "assistant");
        message.put("content", null);
        message.put("tool_calls", Arrays.stream(calls).map(OpenAiReply::wire).toList());
        return completion("tool_calls", message);
    }

    /// With 12 tokens in and 5 out, by the model `stub-model-1`.
    public static OpenAiReply completion(String finishReason, Map<String, Object> message) {
        Map<String, Object> choice = new LinkedHashMap<>();
        choice.put("index", 0);
        choice.put("message", message);
        choice.put("finish_reason", finishReason);
        Map<String, Object> completion = new LinkedHashMap<>();
        completion.put("id", "chatcmpl-1");
        completion.put("object", "chat.completion");
        completion.put("created", 1_700_000_000);
        completion.put("model", "stub-model-1");
        completion.put("choices", List.of(choice));
        completion.put(
                "usage", Map.of("prompt_tokens", 12, "completion_tokens", 5, "total_tokens", 17));
        return raw(200, Json.of(completion).canonical());
    }

    public static OpenAiReply error(int status, String code, String message) {
        Map<String, Object> error = Map.of("message", message, "type", "error", "code", code);
        return raw(status, Json.of(Map.of("error", error)).canonical());
    }

    public static OpenAiReply raw(int status, String body) {
        return new OpenAiReply(status, Map.of(), body, Duration.ZERO, new Pace.AtOnce());
    }

    public OpenAiReply header(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new OpenAiReply(status, more, body, delay, pace);
    }

    public OpenAiReply after(Duration wait) {
        return new OpenAiReply(status, headers, body, wait, pace);
    }

    public OpenAiReply cut() {
        return new OpenAiReply(status, headers, body, delay, new Pace.Cut());
    }

    public OpenAiReply dribbling(Duration pause) {
        return new OpenAiReply(status, headers, body, delay, new Pace.Dribble(pause));
    }

    public OpenAiReply haltingAfter(String words, Duration pause) {
        return new OpenAiReply(status, headers, body, delay, new Pace.Halting(words, pause));
    }

    private static Map<String, Object> wire(Call call) {
        return Map.of(
                "id",
                call.id(),
                "type",
                "function",
                "function",
                Map.of("name", call.name(), "arguments", call.arguments()));
    }

    /// Sends this answer.
    public void play(HttpExchange exchange) throws IOException, InterruptedException {
        Thread.sleep(delay);
        byte[] bytes = body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        headers.forEach(exchange.getResponseHeaders()::set);
        switch (pace) {
            case Pace.AtOnce _ -> {
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
            case Pace.Cut _ -> {
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
                exchange.getResponseBody().flush();
            }
            case Pace.Halting(String words, Duration pause) -> {
                int end = body().indexOf('\n', body().indexOf(words));
                while (body().charAt(end) == '\n') {
                    end++;
                }
                exchange.sendResponseHeaders(status, 0);
                OutputStream out = exchange.getResponseBody();
                out.write(body().substring(0, end).getBytes(StandardCharsets.UTF_8));
                out.flush();
                Thread.sleep(pause);
                out.write(body().substring(end).getBytes(StandardCharsets.UTF_8));
                out.close();
            }
            case Pace.Dribble(Duration pause) -> {
                exchange.sendResponseHeaders(status, 0);
                dribble(exchange.getResponseBody(), bytes, pause);
            }
        }
    }

    private static void dribble(OutputStream out, byte[] body, Duration pause)
            throws IOException, InterruptedException {
        for (byte part : body) {
            out.write(part);
            out.flush();
            Thread.sleep(pause);
        }
        out.close();
    }
}
