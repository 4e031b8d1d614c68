package dev.signalbox.domain.retention;

import dev.signalbox.domain.id.RunId;
import java.time.Instant;

/// Keeps a whole tree of runs, whatever is said about how long they are kept.
///
/// @param root of the tree
/// @param by who placed it
public record LegalHold(RunId root, String tenant, String by, String reason, Instant since) {}
