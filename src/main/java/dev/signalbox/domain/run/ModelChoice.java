package dev.signalbox.domain.run;

/// Which of an agent's models a call is put to.
///
/// @param fallback 0 for the agent's first choice, else which of its fallbacks
/// @param since the attempt with which it was turned to
public record ModelChoice(int fallback, int since) {

    public static final ModelChoice FIRST = new ModelChoice(0, 1);

    /// How often this model has been asked once that attempt is made.
    public int tries(int attempt) {
        return attempt - since + 1;
    }
}
