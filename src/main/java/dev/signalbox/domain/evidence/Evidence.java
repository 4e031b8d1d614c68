package dev.signalbox.domain.evidence;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;

/// The journal entry that proves a statement.
///
/// @param hash of the entry: whoever holds the journal can check that it is this one
public record Evidence(RunId runId, long seq, Digest hash) {}
