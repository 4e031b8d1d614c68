package dev.signalbox.store;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.retention.RetentionRule;
import dev.signalbox.domain.retention.RetentionRules;
import dev.signalbox.domain.retention.Tombstone;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Removes runs whose time is over, and keeps their tombstones.
///
/// Guarantee: a tree of runs goes as a whole, in one commit with its tombstones, and only when every
/// run of it has ended and is past its time, nobody holds it, and no branch of one of them goes on or
/// is held. Everything that belongs to a run goes with it; audit records and idempotency keys stay.
/// Consequence: after any crash a run is either there with everything, or there is its tombstone.
public interface Retention {

    /// Removes some of the trees that are due by one rule. One pruner has the turn at a time, by the
    /// store's clock: the turn is taken in the commit that removes, so that a pruner that has lost it
    /// removes nothing.
    Uni<Batch> prune(Round round);

    Uni<Optional<Tombstone>> tombstone(RunId id);

    /// Tombstones of the tenant's runs, the newest run first.
    Uni<Page<Tombstone>> tombstones(String tenant, PageRequest page);

    /// One batch to be.
    ///
    /// @param turn for how long nobody else may prune
    /// @param rule whose roots are looked at; one of `rules`
    /// @param rules what all runs of a tree have to be past
    /// @param after where the batch before ended
    /// @param most so many roots are looked at, and so many runs removed, but for a tree that is
    ///     larger by itself
    record Round(
            String pruner,
            Duration turn,
            RetentionRule rule,
            RetentionRules rules,
            Optional<Place> after,
            int most) {}

    /// A root that has been looked at: the next to be are those that ended later.
    record Place(Instant ended, RunId root) {}

    /// What became of a round.
    sealed interface Batch {

        /// Somebody else prunes.
        record NotMyTurn() implements Batch {}

        /// @param removed the tombstones of what was removed
        /// @param next where there may be more by this rule
        record Removed(List<Tombstone> removed, Optional<Place> next) implements Batch {
            public Removed {
                removed = List.copyOf(removed);
            }
        }
    }
}
