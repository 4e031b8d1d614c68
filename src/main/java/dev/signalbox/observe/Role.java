package dev.signalbox.observe;

import java.util.Locale;

/// A share of the work that a process can have.
public enum Role {
    /// Takes requests for runs, over REST and off the queue.
    REQUEST,
    /// Works on runs.
    RUNTIME,
    /// Lets people watch, decide and command.
    OPERATOR;

    /// The role's name in configuration, metrics and health.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
