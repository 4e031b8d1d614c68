package dev.signalbox.runtime.tool;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.tool.ToolDefinition;

/// One call of one tool, checked and allowed.
///
/// @param effectId sent as `Idempotency-Key`, the same at every attempt
/// @param arguments match the tool's input schema
public record ToolInvocation(EffectId effectId, ToolDefinition tool, JsonObject arguments) {}
