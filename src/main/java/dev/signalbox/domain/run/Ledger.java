package dev.signalbox.domain.run;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A run's accounts with the runs around it: what its parent gave it, what people added, what its
/// children have used, and what is reserved for those under way.
///
/// Amounts are divided: what is reserved for one child is not there for another. Time is not, as it
/// passes for all of them at once: while any child is under way it counts once, and when the last
/// has ended no more than what they worked.
///
/// @param granted bounds that the parent gave
/// @param raised what people added to the run's bounds
/// @param spent what children that have ended used, all below them included
/// @param reserved children under way
/// @param busySince since when children have been under way without a pause
/// @param busyWorked what those that have ended since then worked
/// @param raises for which runs, and which hold of theirs, people have raised something
public record Ledger(
        Budget granted,
        Budget raised,
        Budget spent,
        Map<RunId, Reservation> reserved,
        Optional<Instant> busySince,
        Duration busyWorked,
        Map<RunId, Instant> raises) {

    /// Of a run that has no children and got nothing from anybody.
    public static final Ledger EMPTY =
            new Ledger(
                    Budget.NONE,
                    Budget.NONE,
                    Budget.NONE,
                    Map.of(),
                    Optional.empty(),
                    Duration.ZERO,
                    Map.of());

    /// What is set aside for a child.
    ///
    /// @param effectId the call that it is for
    /// @param budget the child's bounds
    public record Reservation(EffectId effectId, Budget budget) {}

    public Ledger {
        reserved = Map.copyOf(reserved);
        raises = Map.copyOf(raises);
    }

    /// The bounds of a run whose definition bounds it by `own`.
    public Budget total(Budget own) {
        return own.min(granted).raisedBy(raised);
    }

    /// All that is set aside now; of time, that which has passed since the first child began.
    public Budget setAside(Instant now) {
        Budget all = Budget.NONE;
        for (Reservation one : reserved.values()) {
            all = all.and(one.budget());
        }
        return all.withWallClock(busySince.map(since -> Duration.between(since, now)));
    }

    /// Whether people have raised the bounds of `run` for the hold that began then.
    public boolean hasRaised(RunId run, Instant heldSince) {
        return heldSince.equals(raises.get(run));
    }

    Ledger granted(Budget bounds) {
        return new Ledger(
                granted.min(bounds), raised, spent, reserved, busySince, busyWorked, raises);
    }

    Ledger reserve(RunId child, Reservation reservation, Instant at) {
        Map<RunId, Reservation> next = new HashMap<>(reserved);
        next.put(child, reservation);
        return new Ledger(
                granted,
                raised,
                spent.and(Budget.runs(1)),
                next,
                busySince.or(() -> Optional.of(at)),
                busyWorked,
                raises);
    }

    /// A child has ended.
    ///
    /// @param used what it and all below it used
    Ledger settle(RunId child, Budget used, Instant at) {
        Map<RunId, Reservation> next = new HashMap<>(reserved);
        next.remove(child);
        Duration worked = busyWorked.plus(used.wallClock().orElse(Duration.ZERO));
        boolean last = next.isEmpty();
        Duration elapsed = Duration.between(busySince.orElse(at), at);
        Optional<Duration> booked =
                last
                        ? Optional.of(elapsed.compareTo(worked) < 0 ? elapsed : worked)
                        : Optional.empty();
        return new Ledger(
                granted,
                raised,
                spent.and(used.withWallClock(booked)),
                next,
                last ? Optional.empty() : busySince,
                last ? Duration.ZERO : worked,
                raises);
    }

    Ledger raise(RunEvent.BudgetRaised event) {
        Map<RunId, Reservation> next = new HashMap<>(reserved);
        event.child()
                .ifPresent(
                        child ->
                                next.computeIfPresent(
                                        child,
                                        (_, one) ->
                                                new Reservation(
                                                        one.effectId(),
                                                        one.budget().raisedBy(event.more()))));
        Map<RunId, Instant> known = new HashMap<>(raises);
        known.put(event.runId(), event.heldSince());
        return new Ledger(
                granted, raised.and(event.more()), spent, next, busySince, busyWorked, known);
    }
}
