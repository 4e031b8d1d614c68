package dev.signalbox.crash;

/// Something that must not be.
record Finding(Kind kind, String detail) {

    /// What kind of promise is broken.
    enum Kind {
        /// An effect took place more than once where nothing makes that harmless.
        DOUBLED,
        /// An effect never took place.
        LOST,
        /// An effect arrived whose intent was not durable.
        NO_INTENT,
        /// What the store had acknowledged is not in the journal.
        FORGOTTEN,
        /// The run's end is not that of the undisturbed run.
        OTHER_END,
        /// The run does not go on.
        STUCK,
        /// The chain of hashes does not verify, or the run's row is not what its journal says.
        BROKEN_CHAIN,
        /// No legal run has that journal.
        ILLEGAL_HISTORY,
        /// Somebody was asked twice, or an approval or a command was left open.
        LEFT_OVER,
        /// The engine itself gave up on the run.
        GAVE_UP,
        /// Nothing was struck where something was to be.
        NOT_FIRED
    }
}
