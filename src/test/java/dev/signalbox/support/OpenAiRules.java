package dev.signalbox.support;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.wire.JsonCodec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What OpenAI accepts as a chat completion request; anything else throws
/// [IllegalArgumentException]. Stricter than real servers in one point: fields that nobody here
/// means to send are refused.
public final class OpenAiRules {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
    private static final Set<String> FIELDS =
            Set.of(
                    "model",
                    "messages",
                    "tools",
                    "response_format",
                    "temperature",
                    "max_tokens",
                    "max_completion_tokens",
                    "stream",
                    "stream_options");

    private OpenAiRules() {}

    public static void check(String contentType, JsonObject body) {
        require(contentType != null && contentType.startsWith("application/json"), "content type");
        body.members()
                .keySet()
                .forEach(field -> require(FIELDS.contains(field), "unknown field " + field));
        require(!text(body, "model").isEmpty(), "model is empty");
        Json stream = body.get("stream");
        require(stream == null || stream instanceof JsonBool, "stream");
        require(
                body.get("stream_options") == null || new JsonBool(true).equals(stream),
                "stream_options is only allowed when stream is enabled");
        Json temperature = body.get("temperature");
        require(temperature == null || temperature instanceof JsonNumber, "temperature");
        tools(body);
        format(body);
        List<Json> messages = array(body, "messages");
        require(!messages.isEmpty(), "messages is empty");
        conversation(messages);
    }

    private static void tools(JsonObject body) {
        Set<String> names = new HashSet<>();
        if (body.get("tools") == null) {
            return;
        }
        List<Json> tools = array(body, "tools");
        require(!tools.isEmpty(), "tools is empty");
        for (Json tool : tools) {
            require(text(object(tool), "type").equals("function"), "tool type");
            JsonObject function = object(object(tool).get("function"));
            String name = text(function, "name");
            require(NAME.matcher(name).matches(), "tool name '" + name + "'");
            require(names.add(name), "two tools called " + name);
            JsonObject parameters = object(function.get("parameters"));
            require(text(parameters, "type").equals("object"), "parameters must be an object");
        }
    }

    private static void format(JsonObject body) {
        if (body.get("response_format") instanceof JsonObject format) {
            require(text(format, "type").equals("json_schema"), "response_format type");
            JsonObject named = object(format.get("json_schema"));
            require(NAME.matcher(text(named, "name")).matches(), "response_format name");
            object(named.get("schema"));
        }
    }

    private static void conversation(List<Json> messages) {
        Set<String> open = new HashSet<>();
        for (Json item : messages) {
            JsonObject message = object(item);
            String role = text(message, "role");
            if (role.equals("tool")) {
                String id = text(message, "tool_call_id");
                require(open.remove(id), "no tool call '" + id + "' waits for a result");
                text(message, "content");
                continue;
            }
            require(open.isEmpty(), "tool calls " + open + " have no result");
            switch (role) {
                case "system", "user" -> text(message, "content");
                case "assistant" -> open.addAll(calls(message));
                default -> throw new IllegalArgumentException("role '" + role + "'");
            }
        }
        require(open.isEmpty(), "tool calls " + open + " have no result");
    }

    private static Set<String> calls(JsonObject message) {
        Set<String> ids = new HashSet<>();
        if (message.get("tool_calls") == null) {
            text(message, "content");
            return ids;
        }
        for (Json item : array(message, "tool_calls")) {
            JsonObject call = object(item);
            require(ids.add(text(call, "id")), "two calls with one id");
            JsonObject function = object(call.get("function"));
            require(NAME.matcher(text(function, "name")).matches(), "name of a called function");
            // Servers that fill chat templates read the arguments.
            JsonCodec.parseObject(text(function, "arguments"));
        }
        return ids;
    }

    private static List<Json> array(JsonObject object, String name) {
        if (object.get(name) instanceof JsonArray(List<Json> items)) {
            return items;
        }
        throw new IllegalArgumentException(name + " must be an array");
    }

    private static JsonObject object(Json value) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw new IllegalArgumentException("expected an object, got " + value);
    }

    private static String text(JsonObject object, String name) {
        if (object.get(name) instanceof JsonText(String text)) {
            return text;
        }
        throw new IllegalArgumentException(name + " must be a text");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
