package dev.signalbox.domain.tool;

/// What makes a repeated call of a tool harmless, if anything does.
public enum Idempotency {
    /// Nothing: a second call acts a second time.
    NONE,
    /// The call itself: setting a value twice leaves it set.
    NATURAL,
    /// The effect id, sent as `Idempotency-Key`.
    KEY
}
