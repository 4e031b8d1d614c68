package dev.signalbox.support.provider;

import static dev.signalbox.support.provider.Streams.json;
import static dev.signalbox.support.provider.Streams.map;

import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.support.OpenAiReply;
import dev.signalbox.support.OpenAiRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// OpenAI's chat completions.
public final class OpenAiWire implements ProviderWire {

    @Override
    public String path() {
        return "/v1/chat/completions";
    }

    @Override
    public List<String> keyHeader(String key) {
        return List.of("Authorization", "Bearer " + key);
    }

    @Override
    public void check(JsonObject body) {
        OpenAiRules.check("application/json", body);
    }

    @Override
    public OpenAiReply text(String text) {
        return OpenAiReply.text(text);
    }

    @Override
    public OpenAiReply calls(Call... calls) {
        return OpenAiReply.calls(
                Arrays.stream(calls)
                        .map(call -> new OpenAiReply.Call(call.id(), call.name(), call.arguments()))
                        .toArray(OpenAiReply.Call[]::new));
    }

    @Override
    public OpenAiReply cutOff() {
        return OpenAiReply.completion("length", map("role", "assistant", "content", null));
    }

    @Override
    public OpenAiReply blocked() {
        return OpenAiReply.completion("content_filter", map("role", "assistant", "content", null));
    }

    @Override
    public OpenAiReply streamed(String... parts) {
        List<String> chunks = new ArrayList<>();
        chunks.add(chunk(map("role", "assistant", "content", ""), null));
        for (String part : parts) {
            chunks.add(chunk(map("content", part), null));
        }
        return ended(chunks, "stop");
    }

    @Override
    public OpenAiReply streamedCalls(Call... calls) {
        List<String> chunks = new ArrayList<>();
        chunks.add(chunk(map("role", "assistant", "content", null), null));
        for (int index = 0; index < calls.length; index++) {
            Call call = calls[index];
            int half = call.arguments().length() / 2;
            chunks.add(
                    call(
                            map(
                                    "index",
                                    index,
                                    "id",
                                    call.id(),
                                    "type",
                                    "function",
                                    "function",
                                    map("name", call.name(), "arguments", ""))));
            chunks.add(arguments(index, call.arguments().substring(0, half)));
            chunks.add(arguments(index, call.arguments().substring(half)));
        }
        return ended(chunks, "tool_calls");
    }

    @Override
    public OpenAiReply brokenOff(String text, String message) {
        return Streams.events(
                List.of(
                        chunk(map("role", "assistant", "content", text), null),
                        json(map("error", map("message", message, "type", "server_error")))));
    }

    private static String arguments(int index, String part) {
        return call(map("index", index, "function", map("arguments", part)));
    }

    private static String call(Map<String, Object> call) {
        return chunk(map("tool_calls", List.of(call)), null);
    }

    private static OpenAiReply ended(List<String> chunks, String reason) {
        chunks.add(chunk(map(), reason));
        chunks.add(
                json(
                        map(
                                "id",
                                "chatcmpl-1",
                                "object",
                                "chat.completion.chunk",
                                "created",
                                1_700_000_000,
                                "model",
                                "stub-model-1",
                                "choices",
                                List.of(),
                                "usage",
                                map(
                                        "prompt_tokens", 12,
                                        "completion_tokens", 5,
                                        "total_tokens", 17))));
        chunks.add("[DONE]");
        return Streams.events(chunks);
    }

    private static String chunk(Map<String, Object> delta, @Nullable String reason) {
        return json(
                map(
                        "id",
                        "chatcmpl-1",
                        "object",
                        "chat.completion.chunk",
                        "created",
                        1_700_000_000,
                        "model",
                        "stub-model-1",
                        "choices",
                        List.of(map("index", 0, "delta", delta, "finish_reason", reason)),
                        "usage",
                        null));
    }

    @Override
    public OpenAiReply error(int status, String code, String message) {
        return OpenAiReply.error(status, code, message);
    }

    @Override
    public JsonObject parameters(JsonObject body, int tool) {
        JsonObject wire = (JsonObject) ((JsonArray) body.members().get("tools")).items().get(tool);
        return (JsonObject)
                ((JsonObject) wire.members().get("function")).members().get("parameters");
    }
}
