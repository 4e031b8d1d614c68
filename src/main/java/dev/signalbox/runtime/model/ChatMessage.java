package dev.signalbox.runtime.model;

import dev.signalbox.domain.json.Json;
import java.util.List;
import java.util.Optional;

/// One message of a conversation.
public sealed interface ChatMessage {

    /// From the person, the program or the verifier that the model works for.
    record UserMessage(String text) implements ChatMessage {}

    /// What the model said before.
    record AssistantMessage(Optional<String> text, List<ModelToolCall> calls)
            implements ChatMessage {
        public AssistantMessage {
            calls = List.copyOf(calls);
        }
    }

    /// How a call that the model proposed ended.
    ///
    /// @param callId the model's own id of the call
    /// @param ok whether the tool ran and succeeded
    /// @param content its result, or why there is none
    record ToolResultMessage(String callId, String tool, boolean ok, Json content)
            implements ChatMessage {}

    /// A call that a model proposes.
    ///
    /// @param callId the model's own id of the call, unique within its turn
    record ModelToolCall(String callId, String tool, Json arguments) {}
}
