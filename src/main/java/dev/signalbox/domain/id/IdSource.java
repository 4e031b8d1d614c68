package dev.signalbox.domain.id;

import java.util.UUID;

/// Where new identities come from.
///
/// Guarantee: every call returns a fresh UUIDv7, so that identities sort by creation time.
/// Consequence: nothing in the core draws randomness of its own; a test decides the ids.
@FunctionalInterface
public interface IdSource {

    UUID next();
}
