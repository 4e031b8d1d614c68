package dev.signalbox.runtime.model;

import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.runtime.model.ChatMessage.ModelToolCall;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How a model call ended.
public sealed interface ModelReply {

    /// The model answered: with calls, with a text, or with both.
    ///
    /// @param model which model really answered, as the provider says
    /// @param finishReason as in the OpenTelemetry GenAI conventions: `stop`, `tool_calls`,
    ///     `length`, `content_filter`
    record Answered(
            Optional<String> text,
            List<ModelToolCall> calls,
            TokenUsage usage,
            String model,
            String finishReason)
            implements ModelReply {
        public Answered {
            calls = List.copyOf(calls);
        }
    }

    /// No answer this time; another try may get one: no connection, time-out, 429, 5xx, an answer
    /// that is not of the protocol.
    record TryAgain(String code, String detail, Optional<Duration> retryAfter)
            implements ModelReply {}

    /// No answer, and no reason to ask again: wrong key, unknown model, refused request.
    record Refused(String code, String detail) implements ModelReply {}
}
