package dev.signalbox.domain.branch;

/// What becomes of a call that the origin made after the checkpoint, when the branch comes to the
/// same call.
public enum EffectChoice {
    /// It is not made; what the origin recorded is its result.
    REUSE,
    /// It is not made; what the plan says is its result.
    SIMULATE,
    /// It is made, under an effect id of the branch, if the policy allows it.
    RERUN,
    /// A person is asked for an approval first, whatever the policy says.
    ASK
}
