package dev.signalbox.runtime.tool;

import dev.signalbox.domain.json.Json;
import java.time.Duration;
import java.util.Optional;

/// How a tool call ended.
public sealed interface ToolOutcome {

    /// It happened, and this came back.
    record Succeeded(Json result) implements ToolOutcome {}

    /// It did not happen and would not the next time either: refused arguments, no such thing, no
    /// permission, a missing binding.
    ///
    /// @param body what the other side answered, for the model; JSON null if nothing
    record Failed(String code, String detail, Json body) implements ToolOutcome {}

    /// It certainly did not happen, and may the next time: no connection, 429, 503 with
    /// Retry-After.
    record TryAgain(String code, String detail, Optional<Duration> retryAfter)
            implements ToolOutcome {}

    /// It may have happened: no answer in time, a broken connection after sending, a 5xx.
    record Unknown(String code, String detail) implements ToolOutcome {}
}
