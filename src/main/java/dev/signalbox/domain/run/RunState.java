package dev.signalbox.domain.run;

import dev.signalbox.domain.id.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What a run is doing. Each state offers its legal moves, and no others, as methods.
///
/// Read this first: everything else in Signalbox moves runs between these seven states.
public sealed interface RunState {

    Progress progress();

    RunStatus status();

    /// A state that can still change.
    sealed interface Open extends RunState {

        default Cancelled cancel(String by, String reason) {
            return new Cancelled(progress(), by, reason);
        }

        default Failed fail(RunError error) {
            return new Failed(progress(), error);
        }

        Open with(Progress next);
    }

    /// A state that never changes again.
    sealed interface Settled extends RunState {}

    /// Submitted; no worker has taken it yet.
    record Queued(Progress progress) implements Open {

        Running start(Instant at, Optional<Long> runs) {
            return new Running(progress.started(at).mayHave(runs));
        }

        Held hold(Hold hold, Instant at) {
            return new Held(progress, hold, at);
        }

        @Override
        public Queued with(Progress next) {
            return new Queued(next);
        }

        @Override
        public RunStatus status() {
            return RunStatus.QUEUED;
        }
    }

    /// A worker is on it.
    record Running(Progress progress) implements Open {

        Waiting park(WaitingOn waitingOn) {
            return new Waiting(progress, waitingOn);
        }

        Held hold(Hold hold, Instant at) {
            return new Held(progress, hold, at);
        }

        Completed complete(Digest output) {
            return new Completed(progress, output);
        }

        @Override
        public Running with(Progress next) {
            return new Running(next);
        }

        @Override
        public RunStatus status() {
            return RunStatus.RUNNING;
        }
    }

    /// Parked until somebody decides, a signal comes or a time is reached: it costs a row.
    record Waiting(Progress progress, WaitingOn waitingOn) implements Open {

        Running resume(Instant at) {
            return new Running(progress.waited(Duration.between(waitingOn.since(), at)));
        }

        Held hold(Hold hold, Instant at) {
            return new Held(progress.waited(Duration.between(waitingOn.since(), at)), hold, at);
        }

        @Override
        public Waiting with(Progress next) {
            return new Waiting(next, waitingOn);
        }

        @Override
        public RunStatus status() {
            return RunStatus.WAITING;
        }
    }

    /// A person must act before it goes on.
    record Held(Progress progress, Hold hold, Instant since) implements Open {

        Running release(Instant at) {
            return new Running(progress.released().waited(Duration.between(since, at)).started(at));
        }

        @Override
        public Held with(Progress next) {
            return new Held(next, hold, since);
        }

        @Override
        public RunStatus status() {
            return RunStatus.HELD;
        }
    }

    record Completed(Progress progress, Digest output) implements Settled {
        @Override
        public RunStatus status() {
            return RunStatus.COMPLETED;
        }
    }

    record Failed(Progress progress, RunError error) implements Settled {
        @Override
        public RunStatus status() {
            return RunStatus.FAILED;
        }
    }

    record Cancelled(Progress progress, String by, String reason) implements Settled {
        @Override
        public RunStatus status() {
            return RunStatus.CANCELLED;
        }
    }
}
