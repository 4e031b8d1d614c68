package dev.signalbox.archfixture.app.store;

import dev.signalbox.archfixture.app.app.Wiring;

/// A part knows how it is wired.
public record Needy(Wiring wiring) {}
