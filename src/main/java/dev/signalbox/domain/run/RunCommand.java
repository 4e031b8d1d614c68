package dev.signalbox.domain.run;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What somebody asks of a run. It waits in the run's inbox until the worker that holds the run
/// turns it into events; neither a client nor an operator writes to a journal.
///
/// @param reason why, in the words of who asks
public record RunCommand(CommandId id, RunId runId, Actor by, String reason, Ask ask, Instant at) {

    /// What is asked.
    public sealed interface Ask {

        record Cancel() implements Ask {}

        record Pause() implements Ask {}

        record Resume() implements Ask {}

        /// @param message reaches the model before its next turn
        record Steer(String message) implements Ask {}

        /// A named signal, which a step of a workflow waits for or is going to.
        record Signal(String name, Json data) implements Ask {}

        /// A child run tells that it has ended.
        ///
        /// @param output what came of it, if it completed
        /// @param error why it did not, otherwise
        /// @param usage what it used up itself
        /// @param charged what it and all below it used up
        record ChildSettled(
                RunId childId,
                RunStatus status,
                Optional<Json> output,
                Optional<RunError> error,
                Usage usage,
                Optional<Budget> charged)
                implements Ask {
            /// Of a run with none below it.
            public ChildSettled(
                    RunId childId,
                    RunStatus status,
                    Optional<Json> output,
                    Optional<RunError> error,
                    Usage usage) {
                this(childId, status, output, error, usage, Optional.empty());
            }
        }

        /// A run may use more, and so may all above it: their bounds cover its own. It begins with
        /// the root, and each passes it on to the next, so that no run can use what those above it
        /// have not been given.
        ///
        /// @param target which run is held
        /// @param path the runs below this one, down to that one; empty for itself
        /// @param more what is added
        /// @param heldSince since when it is held: the same hold is raised for once
        record RaiseBudget(RunId target, List<RunId> path, Budget more, Instant heldSince)
                implements Ask {
            public RaiseBudget {
                path = List.copyOf(path);
            }
        }

        record HoldRun() implements Ask {}

        record Release() implements Ask {}

        /// @param happened whether the effect took place
        /// @param result what the tool answered, if it took place and that is known
        record Reconcile(EffectId effectId, boolean happened, Optional<Json> result)
                implements Ask {}
    }
}
