package dev.signalbox.domain.branch;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.tool.SideEffect;
import java.util.List;
import java.util.Optional;

/// A call that the origin sent after the checkpoint, or before it without an end.
///
/// @param seq of its proposal in the origin's journal
/// @param tool the tool, or the definition of the child run
/// @param child the run that did it, if one did
/// @param choices what a branch may do, the first by default
public record RecordedEffect(
        EffectId effectId,
        long seq,
        String tool,
        Digest arguments,
        SideEffect sideEffect,
        Outcome outcome,
        Optional<Digest> result,
        Optional<RunId> child,
        Hazard hazard,
        List<EffectChoice> choices) {

    /// How it ended in the origin, as far as anybody knows.
    public enum Outcome {
        COMPLETED,
        /// It did not happen.
        FAILED,
        UNKNOWN,
        /// It is under way, or waits for another attempt.
        OPEN
    }

    public RecordedEffect {
        choices = List.copyOf(choices);
    }

    /// Whether `choice` may make it happen once more.
    public boolean hazardous(EffectChoice choice) {
        return choice == EffectChoice.RERUN && hazard != Hazard.NONE;
    }
}
