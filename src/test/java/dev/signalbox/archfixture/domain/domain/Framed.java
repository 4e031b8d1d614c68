package dev.signalbox.archfixture.domain.domain;

import io.smallrye.mutiny.Uni;

/// The domain knows a framework.
public record Framed(Uni<String> value) {}
