package dev.signalbox.archfixture.planes.runtime;

import dev.signalbox.archfixture.planes.operator.Decision;

/// The runtime makes an operator's decision.
public record Forger(Decision decision) {}
