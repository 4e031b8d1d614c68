package dev.signalbox.tool;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import java.time.Instant;

/// What a tool may know of the call that it answers.
///
/// @param effectId the same at every attempt of this call: a key under which to act at most once
/// @param attempt counted from 1
/// @param deadline after which nobody waits for the answer
public record ToolContext(EffectId effectId, RunId runId, int attempt, Instant deadline) {}
