package dev.signalbox.runtime.tool;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.tool.ToolDefinition;
import java.time.Instant;

/// One call of one tool, checked and allowed.
///
/// @param effectId sent as `Idempotency-Key`, the same at every attempt
/// @param attempt counted from 1
/// @param deadline after which nobody waits for the answer
/// @param arguments match the tool's input schema
/// @param sendBy after that the call must not go out any more, by this process's clock: somebody
///     else may have the run
public record ToolInvocation(
        EffectId effectId,
        RunId runId,
        int attempt,
        Instant deadline,
        ToolDefinition tool,
        JsonObject arguments,
        Instant sendBy) {}
