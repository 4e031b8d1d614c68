package dev.signalbox.support.provider;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.support.OpenAiReply;
import dev.signalbox.wire.JsonCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Ollama's chat API.
public final class OllamaWire implements ProviderWire {

    @Override
    public String path() {
        return "/api/chat";
    }

    @Override
    public List<String> keyHeader(String key) {
        return List.of("Authorization", "Bearer " + key);
    }

    @Override
    public void check(JsonObject body) {
        Shape request =
                Shape.of("request", body)
                        .only(
                                Set.of("model", "messages", "stream"),
                                Set.of("tools", "format", "options"));
        request.spoken("model");
        // Left out, it means that the answer comes in parts.
        request.require(body.get("stream") instanceof JsonBool, "stream is not said");
        if (request.has("options")) {
            Shape options =
                    request.object("options").only(Set.of(), Set.of("temperature", "num_predict"));
            options.number("temperature", 0, 2);
            options.number("num_predict", 1, 1e9);
        }
        if (request.has("format")) {
            request.object("format");
            request.require(!request.has("tools"), "a format keeps the model from its tools");
        }
        if (request.has("tools")) {
            request.objects("tools").forEach(OllamaWire::tool);
        }
        conversation(request.objects("messages"));
    }

    private static void tool(Shape tool) {
        tool.only(Set.of("type", "function"), Set.of());
        tool.require(tool.text("type").equals("function"), "type");
        Shape function =
                tool.object("function").only(Set.of("name", "parameters"), Set.of("description"));
        function.spoken("name");
        Shape parameters = function.object("parameters");
        parameters.require(parameters.text("type").equals("object"), "type must be object");
    }

    private static void conversation(List<Shape> messages) {
        Deque<String> open = new ArrayDeque<>();
        for (Shape message : messages) {
            message.only(
                    Set.of("role"), Set.of("content", "tool_calls", "tool_name", "tool_call_id"));
            String role = message.text("role");
            if (role.equals("tool")) {
                message.text("content");
                message.require(
                        message.text("tool_name").equals(open.poll()), "not the result's tool");
                continue;
            }
            message.require(open.isEmpty(), "calls without a result: " + open);
            message.require(Set.of("system", "user", "assistant").contains(role), "role " + role);
            if (message.has("tool_calls")) {
                for (Shape call : message.objects("tool_calls")) {
                    call.only(Set.of("function"), Set.of("id"));
                    Shape function =
                            call.object("function").only(Set.of("name", "arguments"), Set.of());
                    function.object("arguments");
                    open.add(function.spoken("name"));
                }
            } else {
                message.spoken("content");
            }
        }
        if (!open.isEmpty()) {
            throw new IllegalArgumentException("calls without a result: " + open);
        }
    }

    @Override
    public OpenAiReply text(String text) {
        return message("stop", Map.of("role", "assistant", "content", text));
    }

    @Override
    public OpenAiReply calls(Call... calls) {
        List<Map<String, Object>> wire =
                Arrays.stream(calls)
                        .map(
                                call ->
                                        Map.<String, Object>of(
                                                "function",
                                                Map.of(
                                                        "name",
                                                        call.name(),
                                                        "arguments",
                                                        JsonCodec.parse(call.arguments())
                                                                .toJava())))
                        .toList();
        return message("stop", Map.of("role", "assistant", "content", "", "tool_calls", wire));
    }

    @Override
    public OpenAiReply cutOff() {
        return message("length", Map.of("role", "assistant", "content", ""));
    }

    @Override
    public OpenAiReply blocked() {
        return OpenAiReply.raw(200, "{\"error\": \"llama runner process has terminated\"}");
    }

    @Override
    public OpenAiReply streamed(String... parts) {
        List<String> lines = new ArrayList<>();
        for (String part : parts) {
            lines.add(part(Map.of("role", "assistant", "content", part)));
        }
        lines.add(message("stop", Map.of("role", "assistant", "content", "")).body());
        return Streams.lines(lines);
    }

    /// Here a call always comes whole.
    @Override
    public OpenAiReply streamedCalls(Call... calls) {
        List<String> lines = new ArrayList<>();
        for (Call call : calls) {
            Map<String, Object> function =
                    Map.of(
                            "name",
                            call.name(),
                            "arguments",
                            JsonCodec.parse(call.arguments()).toJava());
            lines.add(
                    part(
                            Map.of(
                                    "role",
                                    "assistant",
                                    "content",
                                    "",
                                    "tool_calls",
                                    List.of(Map.of("function", function)))));
        }
        lines.add(message("stop", Map.of("role", "assistant", "content", "")).body());
        return Streams.lines(lines);
    }

    @Override
    public OpenAiReply brokenOff(String text, String message) {
        return Streams.lines(
                List.of(
                        part(Map.of("role", "assistant", "content", text)),
                        Streams.json(Streams.map("error", message))));
    }

    private static String part(Map<String, Object> message) {
        return Streams.json(
                Streams.map(
                        "model",
                        "stub-model-1",
                        "created_at",
                        "2026-05-01T10:00:00.000000000Z",
                        "message",
                        message,
                        "done",
                        false));
    }

    private static OpenAiReply message(String reason, Map<String, Object> message) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("model", "stub-model-1");
        answer.put("created_at", "2026-05-01T10:00:00.000000000Z");
        answer.put("message", message);
        answer.put("done", true);
        answer.put("done_reason", reason);
        answer.put("total_duration", 174560334);
        answer.put("prompt_eval_count", 12);
        answer.put("eval_count", 5);
        return OpenAiReply.raw(200, Json.of(answer).canonical());
    }

    @Override
    public OpenAiReply error(int status, String code, String message) {
        return OpenAiReply.raw(status, Json.of(Map.of("error", message)).canonical());
    }

    @Override
    public JsonObject parameters(JsonObject body, int tool) {
        JsonObject wire = (JsonObject) ((JsonArray) body.members().get("tools")).items().get(tool);
        return (JsonObject)
                ((JsonObject) wire.members().get("function")).members().get("parameters");
    }
}
