package dev.signalbox.store;

import dev.signalbox.domain.run.RunSummary;

/// A run that a worker has just taken.
public record Claim(Lease lease, RunSummary run) {}
