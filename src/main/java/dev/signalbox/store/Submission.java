package dev.signalbox.store;

import dev.signalbox.domain.retention.Tombstone;
import dev.signalbox.domain.run.RunSummary;

/// What became of a request to create a run.
public sealed interface Submission {

    record Created(RunSummary run) implements Submission {}

    /// The key was used with the same request before: this is the run that it made.
    record Existing(RunSummary run) implements Submission {}

    /// The key was used with the same request before, and the run that it made has been pruned since.
    record Pruned(Tombstone run) implements Submission {}

    /// The key was used with another request before.
    record Conflict() implements Submission {}
}
