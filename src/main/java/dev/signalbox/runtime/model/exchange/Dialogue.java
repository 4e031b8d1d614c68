package dev.signalbox.runtime.model.exchange;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.runtime.model.ChatMessage;
import dev.signalbox.runtime.model.ChatMessage.AssistantMessage;
import dev.signalbox.runtime.model.ChatMessage.ModelToolCall;
import dev.signalbox.runtime.model.ChatMessage.ToolResultMessage;
import dev.signalbox.runtime.model.ChatMessage.UserMessage;
import dev.signalbox.wire.JsonCodec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A conversation in LangChain4j's words, and an answer's calls in ours.
record Dialogue(ToolNames names) {

    List<dev.langchain4j.data.message.ChatMessage> toLangChain(
            String instructions, List<ChatMessage> messages) {
        List<dev.langchain4j.data.message.ChatMessage> all = new ArrayList<>();
        if (!instructions.isBlank()) {
            all.add(SystemMessage.from(instructions));
        }
        messages.forEach(message -> all.add(toLangChain(message)));
        return all;
    }

    private dev.langchain4j.data.message.ChatMessage toLangChain(ChatMessage message) {
        return switch (message) {
            case UserMessage(String text) ->
                    dev.langchain4j.data.message.UserMessage.from(
                            text.isBlank() ? "(empty)" : text);
            case AssistantMessage(Optional<String> text, List<ModelToolCall> calls) ->
                    AiMessage.builder()
                            .text(spoken(text, calls))
                            .toolExecutionRequests(calls.stream().map(this::toLangChain).toList())
                            .build();
            case ToolResultMessage(String callId, String tool, boolean ok, Json content) ->
                    ToolExecutionResultMessage.builder()
                            .id(callId)
                            .toolName(names.wire(tool))
                            .text(resultText(content))
                            .isError(!ok)
                            .build();
        };
    }

    /// Some servers refuse a message that says nothing.
    private static @Nullable String spoken(Optional<String> text, List<ModelToolCall> calls) {
        String spoken = text.orElse("");
        return spoken.isBlank() ? (calls.isEmpty() ? "(empty)" : null) : spoken;
    }

    private ToolExecutionRequest toLangChain(ModelToolCall call) {
        return ToolExecutionRequest.builder()
                .id(call.callId())
                .name(names.wire(call.tool()))
                .arguments(argumentsText(call.arguments()))
                .build();
    }

    /// Always an object: servers that fill chat templates fail on anything else.
    private static String argumentsText(Json arguments) {
        return arguments instanceof JsonObject
                ? arguments.canonical()
                : new JsonObject(Map.of("malformed", arguments)).canonical();
    }

    private static String resultText(Json content) {
        return content instanceof JsonText(String text) && !text.isBlank()
                ? text
                : content.canonical();
    }

    /// The calls of an answer. Arguments that are not JSON come back as the text that they are,
    /// which no tool's schema accepts: the refusal tells the model. An id that is missing or
    /// doubled is replaced, as results are matched by it.
    List<ModelToolCall> calls(List<ToolExecutionRequest> requests) {
        List<ModelToolCall> calls = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (ToolExecutionRequest request : requests) {
            String id = request.id();
            for (int number = 1; id == null || id.isBlank() || !ids.add(id); number++) {
                id = "call-" + number;
            }
            Json arguments = arguments(request.arguments());
            calls.add(new ModelToolCall(id, names.tool(request.name()), arguments));
        }
        return calls;
    }

    private static Json arguments(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return JsonObject.EMPTY;
        }
        try {
            Json arguments = JsonCodec.parse(text);
            return arguments instanceof JsonNull ? JsonObject.EMPTY : arguments;
        } catch (ProblemException _) {
            return Json.text(text);
        }
    }
}
