package dev.signalbox.queue;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;

/// A part of the text that a model is giving, before any of it is in the journal.
///
/// @param attempt of the model call
/// @param offset how many characters (UTF-16) of this attempt's text came before
public record ModelDelta(RunId runId, EffectId effectId, int attempt, long offset, String text) {}
