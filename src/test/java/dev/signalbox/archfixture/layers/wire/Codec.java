package dev.signalbox.archfixture.layers.wire;

import dev.signalbox.archfixture.layers.store.Store;

/// The lower layer knows the upper one.
public record Codec(Store store) {}
