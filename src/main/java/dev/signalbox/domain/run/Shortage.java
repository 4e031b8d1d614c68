package dev.signalbox.domain.run;

/// What a run has used up that it may not use more of.
///
/// @param kind what has to be raised before anything else
/// @param total the run's bounds, of every kind that has one
/// @param used what it has used up, what its child runs have used and what is reserved for them
///     included
public record Shortage(Budget.Kind kind, Budget total, Budget used) {}
