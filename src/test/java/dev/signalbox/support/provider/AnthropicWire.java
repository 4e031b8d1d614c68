package dev.signalbox.support.provider;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.support.OpenAiReply;
import dev.signalbox.wire.JsonCodec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Anthropic's Messages API, version 2023-06-01.
public final class AnthropicWire implements ProviderWire {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_-]+");

    @Override
    public String path() {
        return "/v1/messages";
    }

    @Override
    public List<String> keyHeader(String key) {
        return List.of("x-api-key", key);
    }

    @Override
    public void check(JsonObject body) {
        Shape request =
                Shape.of("request", body)
                        .only(
                                Set.of("model", "max_tokens", "messages"),
                                Set.of(
                                        "system",
                                        "tools",
                                        "temperature",
                                        "output_config",
                                        "stream"));
        request.spoken("model");
        request.number("max_tokens", 1, 1e6);
        request.number("temperature", 0, 1);
        if (request.has("system")) {
            request.objects("system").forEach(AnthropicWire::textBlock);
        }
        if (request.has("tools")) {
            tools(request.objects("tools"));
        }
        if (request.has("output_config")) {
            Shape format = request.object("output_config").only(Set.of("format"), Set.of());
            Shape schema = format.object("format").only(Set.of("type", "schema"), Set.of());
            schema.require(schema.text("type").equals("json_schema"), "type");
            schema.object("schema");
        }
        conversation(request.objects("messages"));
    }

    private static void tools(List<Shape> tools) {
        Set<String> names = new HashSet<>();
        for (Shape tool : tools) {
            tool.only(Set.of("name", "input_schema"), Set.of("description", "cache_control"));
            String name = tool.text("name");
            tool.require(NAME.matcher(name).matches() && names.add(name), "name " + name);
            Shape schema = tool.object("input_schema");
            schema.require(schema.text("type").equals("object"), "type must be object");
        }
    }

    private static void conversation(List<Shape> messages) {
        Set<String> open = Set.of();
        String last = "";
        for (Shape message : messages) {
            message.only(Set.of("role", "content"), Set.of());
            String role = message.text("role");
            message.require(!last.isEmpty() || role.equals("user"), "the first role is user");
            List<Shape> blocks = message.objects("content");
            message.require(!blocks.isEmpty(), "content is empty");
            if (role.equals("assistant")) {
                message.require(open.isEmpty(), "calls without a result: " + open);
                open = said(blocks);
            } else {
                message.require(role.equals("user"), "role " + role);
                heard(message, blocks, open);
                open = Set.of();
            }
            last = role;
        }
        if (!last.equals("user")) {
            throw new IllegalArgumentException("the conversation ends with " + last);
        }
    }

    private static Set<String> said(List<Shape> blocks) {
        Set<String> calls = new HashSet<>();
        for (Shape block : blocks) {
            if (block.text("type").equals("text")) {
                textBlock(block);
                continue;
            }
            block.only(Set.of("type", "id", "name", "input"), Set.of());
            block.require(block.text("type").equals("tool_use"), "type");
            block.require(ID.matcher(block.text("id")).matches(), "id");
            block.require(NAME.matcher(block.text("name")).matches(), "name");
            block.object("input");
            block.require(calls.add(block.text("id")), "two calls with one id");
        }
        return calls;
    }

    /// Results come first, all of them, right behind their calls.
    private static void heard(Shape message, List<Shape> blocks, Set<String> open) {
        Set<String> waiting = new HashSet<>(open);
        boolean texts = false;
        for (Shape block : blocks) {
            if (block.text("type").equals("text")) {
                textBlock(block);
                texts = true;
                continue;
            }
            block.only(Set.of("type", "tool_use_id"), Set.of("content", "is_error"));
            block.require(block.text("type").equals("tool_result") && !texts, "type");
            block.require(waiting.remove(block.text("tool_use_id")), "a result nobody waits for");
        }
        message.require(waiting.isEmpty(), "calls without a result: " + waiting);
    }

    private static void textBlock(Shape block) {
        block.only(Set.of("type", "text"), Set.of("cache_control"));
        block.require(block.text("type").equals("text"), "type");
        block.spoken("text");
        if (block.has("cache_control")) {
            Shape cache = block.object("cache_control").only(Set.of("type"), Set.of("ttl"));
            cache.require(cache.text("type").equals("ephemeral"), "type");
        }
    }

    @Override
    public OpenAiReply text(String text) {
        return message("end_turn", List.of(Map.of("type", "text", "text", text)));
    }

    @Override
    public OpenAiReply calls(Call... calls) {
        List<Map<String, Object>> blocks = new ArrayList<>();
        for (Call call : calls) {
            Map<String, Object> block = new LinkedHashMap<>();
            block.put("type", "tool_use");
            block.put("id", call.id());
            block.put("name", call.name());
            block.put("input", JsonCodec.parse(call.arguments()).toJava());
            blocks.add(block);
        }
        return message("tool_use", blocks);
    }

    @Override
    public OpenAiReply cutOff() {
        return message("max_tokens", List.of());
    }

    @Override
    public OpenAiReply blocked() {
        return message("refusal", List.of());
    }

    @Override
    public OpenAiReply streamed(String... parts) {
        List<Map<String, Object>> events = new ArrayList<>();
        begin(events);
        events.add(blockStart(0, Streams.map("type", "text", "text", "")));
        events.add(Streams.map("type", "ping"));
        for (String part : parts) {
            events.add(blockDelta(0, Streams.map("type", "text_delta", "text", part)));
        }
        events.add(Streams.map("type", "content_block_stop", "index", 0));
        return end(events, "end_turn");
    }

    @Override
    public OpenAiReply streamedCalls(Call... calls) {
        List<Map<String, Object>> events = new ArrayList<>();
        begin(events);
        for (int index = 0; index < calls.length; index++) {
            Call call = calls[index];
            int half = call.arguments().length() / 2;
            events.add(
                    blockStart(
                            index,
                            Streams.map(
                                    "type",
                                    "tool_use",
                                    "id",
                                    call.id(),
                                    "name",
                                    call.name(),
                                    "input",
                                    Map.of())));
            for (String part :
                    List.of(
                            call.arguments().substring(0, half),
                            call.arguments().substring(half))) {
                events.add(
                        blockDelta(
                                index,
                                Streams.map("type", "input_json_delta", "partial_json", part)));
            }
            events.add(Streams.map("type", "content_block_stop", "index", index));
        }
        return end(events, "tool_use");
    }

    @Override
    public OpenAiReply brokenOff(String text, String message) {
        List<Map<String, Object>> events = new ArrayList<>();
        begin(events);
        events.add(blockStart(0, Streams.map("type", "text", "text", "")));
        events.add(blockDelta(0, Streams.map("type", "text_delta", "text", text)));
        events.add(
                Streams.map(
                        "type",
                        "error",
                        "error",
                        Streams.map("type", "overloaded_error", "message", message)));
        return Streams.named(events);
    }

    private static void begin(List<Map<String, Object>> events) {
        events.add(
                Streams.map(
                        "type",
                        "message_start",
                        "message",
                        Streams.map(
                                "id",
                                "msg_1",
                                "type",
                                "message",
                                "role",
                                "assistant",
                                "content",
                                List.of(),
                                "model",
                                "stub-model-1",
                                "stop_reason",
                                null,
                                "stop_sequence",
                                null,
                                "usage",
                                Streams.map(
                                        "input_tokens", 6,
                                        "cache_creation_input_tokens", 2,
                                        "cache_read_input_tokens", 4,
                                        "output_tokens", 1))));
    }

    private static Map<String, Object> blockStart(int index, Map<String, Object> block) {
        return Streams.map("type", "content_block_start", "index", index, "content_block", block);
    }

    private static Map<String, Object> blockDelta(int index, Map<String, Object> delta) {
        return Streams.map("type", "content_block_delta", "index", index, "delta", delta);
    }

    private static OpenAiReply end(List<Map<String, Object>> events, String reason) {
        events.add(
                Streams.map(
                        "type",
                        "message_delta",
                        "delta",
                        Streams.map("stop_reason", reason, "stop_sequence", null),
                        "usage",
                        Streams.map("output_tokens", 5)));
        events.add(Streams.map("type", "message_stop"));
        return Streams.named(events);
    }

    private static OpenAiReply message(String stopReason, List<Map<String, Object>> content) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("id", "msg_1");
        message.put("type", "message");
        message.put("role", "assistant");
        message.put("model", "stub-model-1");
        message.put("content", content);
        message.put("stop_reason", stopReason);
        message.put("stop_sequence", null);
        message.put(
                "usage",
                Map.of(
                        "input_tokens", 6,
                        "cache_creation_input_tokens", 2,
                        "cache_read_input_tokens", 4,
                        "output_tokens", 5));
        return OpenAiReply.raw(200, Json.of(message).canonical());
    }

    @Override
    public OpenAiReply error(int status, String code, String message) {
        return OpenAiReply.raw(
                status,
                Json.of(
                                Map.of(
                                        "type", "error",
                                        "error", Map.of("type", code, "message", message),
                                        "request_id", "req_1"))
                        .canonical());
    }

    @Override
    public JsonObject parameters(JsonObject body, int tool) {
        return (JsonObject)
                ((JsonObject) ((JsonArray) body.members().get("tools")).items().get(tool))
                        .members()
                        .get("input_schema");
    }

    /// The system prompt of a request.
    public static String system(JsonObject body) {
        Json block = ((JsonArray) body.members().get("system")).items().getFirst();
        return ((JsonText) ((JsonObject) block).members().get("text")).value();
    }
}
