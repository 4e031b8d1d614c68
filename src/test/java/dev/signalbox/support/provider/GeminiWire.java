package dev.signalbox.support.provider;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.support.OpenAiReply;
import dev.signalbox.wire.JsonCodec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Google's Gemini API, `generateContent` of v1beta.
///
/// @param model as the URL names it; from `gemini-3` on, calls need a thought signature
public record GeminiWire(String model) implements ProviderWire {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}");

    @Override
    public String path() {
        return "/v1beta/models/" + model + ":generateContent";
    }

    @Override
    public String streamPath() {
        return "/v1beta/models/" + model + ":streamGenerateContent?alt=sse";
    }

    @Override
    public List<String> keyHeader(String key) {
        return List.of("x-goog-api-key", key);
    }

    @Override
    public void check(JsonObject body) {
        Shape request =
                Shape.of("request", body)
                        .only(
                                Set.of("contents"),
                                Set.of("systemInstruction", "tools", "generationConfig"));
        if (request.has("systemInstruction")) {
            request.object("systemInstruction")
                    .only(Set.of("parts"), Set.of())
                    .objects("parts")
                    .forEach(part -> part.only(Set.of("text"), Set.of()).spoken("text"));
        }
        if (request.has("generationConfig")) {
            settings(request, request.object("generationConfig"));
        }
        if (request.has("tools")) {
            request.objects("tools").forEach(GeminiWire::tools);
        }
        conversation(request.objects("contents"));
    }

    private void settings(Shape request, Shape settings) {
        settings.only(
                Set.of(),
                Set.of(
                        "candidateCount",
                        "temperature",
                        "maxOutputTokens",
                        "responseMimeType",
                        "responseJsonSchema"));
        settings.number("candidateCount", 1, 1);
        settings.number("temperature", 0, 2);
        settings.number("maxOutputTokens", 1, 1e6);
        if (settings.has("responseJsonSchema")) {
            settings.object("responseJsonSchema");
            settings.require(
                    settings.text("responseMimeType").equals("application/json"), "media type");
            settings.require(
                    !request.has("tools") || signs(),
                    "Function calling with a response mime type is unsupported");
        }
    }

    private boolean signs() {
        return model.startsWith("gemini-3");
    }

    private static void tools(Shape tools) {
        Set<String> names = new HashSet<>();
        for (Shape tool :
                tools.only(Set.of("functionDeclarations"), Set.of())
                        .objects("functionDeclarations")) {
            tool.only(Set.of("name", "description", "parametersJsonSchema"), Set.of());
            String name = tool.text("name");
            tool.require(NAME.matcher(name).matches() && names.add(name), "name " + name);
            tool.spoken("description");
            tool.object("parametersJsonSchema");
        }
    }

    private void conversation(List<Shape> contents) {
        List<String> open = List.of();
        for (Shape content : contents) {
            content.only(Set.of("role", "parts"), Set.of());
            List<Shape> parts = content.objects("parts");
            content.require(!parts.isEmpty(), "parts is empty");
            String role = content.text("role");
            List<String> results =
                    parts.stream()
                            .filter(part -> part.has("functionResponse"))
                            .map(GeminiWire::result)
                            .toList();
            content.require(
                    results.equals(open),
                    "the number of function response parts must equal that of function call parts");
            open = role.equals("model") ? said(parts) : List.of();
            content.require(Set.of("user", "model").contains(role), "role " + role);
            parts.stream()
                    .filter(part -> part.has("text"))
                    .forEach(part -> part.only(Set.of("text"), Set.of()).text("text"));
        }
        if (!open.isEmpty()) {
            throw new IllegalArgumentException("calls without a response: " + open);
        }
    }

    private static String result(Shape part) {
        Shape result =
                part.only(Set.of("functionResponse"), Set.of())
                        .object("functionResponse")
                        .only(Set.of("name", "response"), Set.of("id"));
        result.object("response");
        return result.text("name");
    }

    private List<String> said(List<Shape> parts) {
        List<String> calls = new ArrayList<>();
        for (Shape part : parts) {
            if (part.has("functionCall")) {
                part.only(Set.of("functionCall"), Set.of("thoughtSignature"));
                part.require(
                        !signs() || !calls.isEmpty() || part.has("thoughtSignature"),
                        "Function call is missing a thought_signature");
                Shape call =
                        part.object("functionCall").only(Set.of("name"), Set.of("id", "args"));
                call.object("args");
                calls.add(call.text("name"));
            }
        }
        return calls;
    }

    @Override
    public OpenAiReply text(String text) {
        return candidate("STOP", List.of(Map.of("text", text)));
    }

    @Override
    public OpenAiReply calls(Call... calls) {
        List<Map<String, Object>> parts = new ArrayList<>();
        for (Call call : calls) {
            parts.add(
                    Map.of(
                            "functionCall",
                            Map.of(
                                    "name",
                                    call.name(),
                                    "args",
                                    JsonCodec.parse(call.arguments()).toJava())));
        }
        return candidate("STOP", parts);
    }

    @Override
    public OpenAiReply cutOff() {
        return candidate("MAX_TOKENS", List.of());
    }

    @Override
    public OpenAiReply blocked() {
        return OpenAiReply.raw(
                200,
                """
                {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
                 "usageMetadata": {"promptTokenCount": 12, "totalTokenCount": 12},
                 "modelVersion": "stub-model-1"}
                """);
    }

    @Override
    public OpenAiReply streamed(String... parts) {
        List<String> chunks = new ArrayList<>();
        for (String part : parts) {
            chunks.add(chunk(Map.of("text", part)));
        }
        chunks.add(candidate("STOP", List.of(Map.of("text", ""))).body());
        return Streams.events(chunks);
    }

    /// Here a call always comes whole.
    @Override
    public OpenAiReply streamedCalls(Call... calls) {
        List<String> chunks = new ArrayList<>();
        for (Call call : calls) {
            chunks.add(
                    chunk(
                            Map.of(
                                    "functionCall",
                                    Map.of(
                                            "name",
                                            call.name(),
                                            "args",
                                            JsonCodec.parse(call.arguments()).toJava()))));
        }
        chunks.add(candidate("STOP", List.of(Map.of("text", ""))).body());
        return Streams.events(chunks);
    }

    @Override
    public OpenAiReply brokenOff(String text, String message) {
        return Streams.events(
                List.of(
                        chunk(Map.of("text", text)),
                        error(503, "UNAVAILABLE", message).body()));
    }

    private static String chunk(Map<String, Object> part) {
        return Streams.json(
                Streams.map(
                        "candidates",
                        List.of(
                                Map.of(
                                        "content",
                                        Map.of("role", "model", "parts", List.of(part)),
                                        "index",
                                        0)),
                        "usageMetadata",
                        Map.of("promptTokenCount", 12, "totalTokenCount", 12),
                        "modelVersion",
                        "stub-model-1",
                        "responseId",
                        "r-1"));
    }

    private static OpenAiReply candidate(String reason, List<Map<String, Object>> parts) {
        Map<String, Object> candidate = new LinkedHashMap<>();
        candidate.put("content", Map.of("role", "model", "parts", parts));
        candidate.put("finishReason", reason);
        candidate.put("index", 0);
        Map<String, Object> usage =
                Map.of(
                        "promptTokenCount", 12,
                        "cachedContentTokenCount", 4,
                        "candidatesTokenCount", 2,
                        "thoughtsTokenCount", 3,
                        "totalTokenCount", 17);
        return OpenAiReply.raw(
                200,
                Json.of(
                                Map.of(
                                        "candidates",
                                        List.of(candidate),
                                        "usageMetadata",
                                        usage,
                                        "modelVersion",
                                        "stub-model-1",
                                        "responseId",
                                        "r-1"))
                        .canonical());
    }

    @Override
    public OpenAiReply error(int status, String code, String message) {
        return OpenAiReply.raw(
                status,
                Json.of(
                                Map.of(
                                        "error",
                                        Map.of("code", status, "message", message, "status", code)))
                        .canonical());
    }

    @Override
    public JsonObject parameters(JsonObject body, int tool) {
        JsonObject tools = (JsonObject) ((JsonArray) body.members().get("tools")).items().getFirst();
        JsonArray functions = (JsonArray) tools.members().get("functionDeclarations");
        return (JsonObject)
                ((JsonObject) functions.items().get(tool)).members().get("parametersJsonSchema");
    }
}
