package dev.signalbox.domain.job;

import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.DefinitionRef;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// What a document of kind `job` says.
///
/// @param tenant whose runs it makes
/// @param maxRuns how many runs its schedule makes at most
/// @param start from when on it fires
/// @param end from when on it does not fire any more
/// @param paused whether it waits to be resumed when it is applied for the first time
public record JobDefinition(
        String name,
        String tenant,
        Schedule schedule,
        Target run,
        Overlap overlap,
        Misfire misfire,
        Optional<Integer> maxRuns,
        Optional<Instant> start,
        Optional<Instant> end,
        boolean paused) {

    /// What a firing runs.
    ///
    /// @param version the highest there is at the firing, if there is none
    public record Target(
            DefinitionRef.Kind kind,
            String definition,
            Optional<String> version,
            JsonObject input,
            Map<String, String> labels) {
        public Target {
            labels = Map.copyOf(labels);
        }
    }

    /// What becomes of a firing while a run of the job is open.
    public enum Overlap {
        /// It is left out.
        SKIP,
        /// It waits until no run is open.
        QUEUE,
        /// It makes a run all the same.
        ALLOW
    }

    /// What becomes of times at which nobody was there to fire.
    public enum Misfire {
        /// One firing makes up for all of them.
        FIRE_ONCE,
        /// They are left out.
        SKIP,
        /// Each is made up for, the latest [JobPlanner#MOST_MISSED] at most.
        BACKFILL
    }
}
