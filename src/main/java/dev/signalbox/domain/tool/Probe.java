package dev.signalbox.domain.tool;

import java.time.Duration;
import java.util.Optional;

/// A question to the outside: did a call of the tool happen, whose outcome nobody knows?
///
/// It only reads. `{effectId}` in its URL stands for the call's effect id, `{argument}` for the
/// call's arguments. Its expressions speak of `args`, `effectId` and `answer` (`found`, false for 404
/// and 410, and `body`).
///
/// @param happened CEL that gives true, false, or anything else for: that cannot be said
/// @param result CEL for what the tool would have answered, if it happened
/// @param after how long the outside may still be at work on the call: asked no sooner
/// @param tries most questions
public record Probe(
        HttpCall http,
        String happened,
        Optional<String> result,
        Duration after,
        int tries) {

    /// Stands in the URL for the effect id.
    public static final String EFFECT_ID = "effectId";
}
