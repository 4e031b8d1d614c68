package dev.signalbox.store;

import dev.signalbox.domain.id.RunId;

/// A worker's right to write to a run's journal.
///
/// @param epoch grows with every claim of the run; the store refuses every other than the newest
public record Lease(RunId runId, String worker, long epoch) {}
