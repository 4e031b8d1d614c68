package dev.signalbox.crash;

/// A place where a process can die: right before something leaves it, or right before the answer
/// comes.
///
/// @param step counted from 1, over all processes of the trial
/// @param what what is about to happen
record Boundary(int step, Kind kind, Side side, String what) {

    /// What crosses the boundary.
    enum Kind {
        APPEND,
        TOOL,
        MODEL,
        /// Takes a lease, prolongs it or gives it back.
        LEASE,
        READ;

        /// Whether it changes the journal or the world, rather than looking at them.
        boolean counts() {
            return switch (this) {
                case APPEND, TOOL, MODEL -> true;
                case LEASE, READ -> false;
            };
        }
    }

    /// On which side of it.
    enum Side {
        /// Nobody else has heard of it yet.
        BEFORE,
        /// It has happened, and the process has not heard of it.
        AFTER
    }

    @Override
    public String toString() {
        return "%d: %s %s %s".formatted(step, side, kind, what).strip();
    }
}
