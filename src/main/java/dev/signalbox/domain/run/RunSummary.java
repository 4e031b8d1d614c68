package dev.signalbox.domain.run;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.run.RunState.Cancelled;
import dev.signalbox.domain.run.RunState.Completed;
import dev.signalbox.domain.run.RunState.Failed;
import dev.signalbox.domain.run.RunState.Held;
import dev.signalbox.domain.run.RunState.Queued;
import dev.signalbox.domain.run.RunState.Running;
import dev.signalbox.domain.run.RunState.Waiting;
import java.time.Instant;
import java.util.Optional;

/// A run at a glance: what stands in the run's row, and what a list shows.
///
/// @param updatedAt when the newest event happened
/// @param headSeq position of the newest event
/// @param headHash hash of the newest event
public record RunSummary(
        RunIdentity identity,
        RunStatus status,
        Optional<Digest> output,
        Optional<RunError> error,
        Optional<Instant> startedAt,
        Instant updatedAt,
        Optional<Instant> finishedAt,
        Optional<WaitingOn> waitingOn,
        Optional<Hold> hold,
        Usage usage,
        long headSeq,
        Digest headHash) {

    /// The summary of a state whose newest journal entry is `head`.
    public static RunSummary of(RunState state, JournalEntry head) {
        Progress progress = state.progress();
        return new RunSummary(
                progress.identity(),
                state.status(),
                state instanceof Completed(var _, Digest output)
                        ? Optional.of(output)
                        : Optional.empty(),
                errorOf(state),
                progress.startedAt(),
                head.at(),
                state.status().terminal() ? Optional.of(head.at()) : Optional.empty(),
                waitingOn(state),
                state instanceof Held(var _, Hold hold, var _)
                        ? Optional.of(hold)
                        : Optional.empty(),
                progress.usage(),
                head.seq(),
                head.hash());
    }

    private static Optional<RunError> errorOf(RunState state) {
        return switch (state) {
            case Failed(var _, RunError error) -> Optional.of(error);
            case Cancelled(var _, String by, String reason) ->
                    Optional.of(new RunError("cancelled", "cancelled by " + by + ": " + reason));
            case Queued _, Running _, Waiting _, Held _, Completed _ -> Optional.empty();
        };
    }

    private static Optional<WaitingOn> waitingOn(RunState state) {
        return switch (state) {
            case Queued(Progress progress) ->
                    Optional.of(
                            new WaitingOn(
                                    WaitingOn.Kind.WORKER,
                                    progress.identity().createdAt(),
                                    "Queued: it starts as soon as a worker is free.",
                                    Optional.empty(),
                                    Optional.empty()));
            case Waiting(var _, WaitingOn waitingOn) -> Optional.of(waitingOn);
            case Held(var _, Hold hold, Instant since) ->
                    Optional.of(
                            new WaitingOn(
                                    WaitingOn.Kind.OPERATOR,
                                    since,
                                    hold.detail(),
                                    Optional.empty(),
                                    Optional.empty()));
            case Running _, Completed _, Failed _, Cancelled _ -> Optional.empty();
        };
    }
}
