package dev.signalbox.domain.branch;

/// What may go wrong if an effect is made once more.
public enum Hazard {
    NONE,
    /// It changed something outside, and would do so again.
    HAPPENED,
    /// It may have changed something outside: nobody knows.
    OUTCOME_UNKNOWN,
    /// A run of its own did it, which may have changed something outside.
    CHILD_RUN
}
