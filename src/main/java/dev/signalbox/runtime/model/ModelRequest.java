package dev.signalbox.runtime.model;

import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// One model call.
///
/// @param agent its instructions, tools and output schema
/// @param model which of the agent's models is asked
/// @param input the run's input, which stands in `messages` too
/// @param messages the conversation so far, oldest first, without the instructions
/// @param listener told the parts of the answer's text as they come, if anybody wants to know; on
///     any thread, and without any bearing on the reply
public record ModelRequest(
        EffectId effectId,
        PinnedAgent agent,
        ModelRef model,
        Json input,
        List<ChatMessage> messages,
        Optional<Consumer<String>> listener) {

    public ModelRequest {
        messages = List.copyOf(messages);
    }

    /// A call of the agent's first model that nobody listens to.
    public ModelRequest(
            EffectId effectId, PinnedAgent agent, Json input, List<ChatMessage> messages) {
        this(effectId, agent, agent.agent().model(), input, messages, Optional.empty());
    }
}
