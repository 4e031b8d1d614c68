package dev.signalbox.domain.run;

import dev.signalbox.domain.id.EffectId;
import java.util.Optional;

/// Why a run is held, and what a person has to do about it.
///
/// @param effectId the effect in question, if it is about one
/// @param by who held it, if a person did
/// @param shortage what the run has used up, if it is about its budget
public record Hold(
        Reason reason,
        String detail,
        Optional<EffectId> effectId,
        Optional<String> by,
        Optional<Shortage> shortage) {

    /// One that is not about a budget.
    public Hold(Reason reason, String detail, Optional<EffectId> effectId, Optional<String> by) {
        this(reason, detail, effectId, by, Optional.empty());
    }

    /// Kinds of holds.
    public enum Reason {
        /// An effect that is not safe to repeat was sent, and nobody knows whether it happened.
        UNKNOWN_OUTCOME,
        /// The worker that had the run cannot read its pinned definition, or lacks a tool of it.
        DEFINITION_BLOCKED,
        /// The runtime itself failed on this run.
        RUNTIME_ERROR,
        /// An operator asked.
        OPERATOR,
        /// What a step did could not be undone.
        COMPENSATION_FAILED,
        /// Nobody decided on an approval in time, and its terms say to hold.
        APPROVAL_EXPIRED,
        /// The next call needs more than the run may use.
        BUDGET
    }
}
