package dev.signalbox.store;

import dev.signalbox.domain.id.RunId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// Which commits each sink of events still has to be told of.
///
/// Guarantee: from the moment that a sink is open, every commit to a journal by a process that has
/// called [#open] since then leaves a note for it, in the very same transaction; a note goes only
/// when it is settled. Consequence: what is committed is delivered at least once, whatever dies in
/// between, and what is not committed is never heard of. Notes of one run come in the order of its
/// commits. Where no sink is open, commits are what they would be without sinks.
public interface EventOutbox {

    /// Opens these sinks; for those that are open already it changes nothing. Others that nobody has
    /// asked for in `retired` are closed, and what waits for them goes. Every process that commits to
    /// journals calls it before it does, with no names if it has no sinks: then nothing is closed, and
    /// its commits are noted for the sinks of others.
    Uni<Void> open(Set<String> sinks, Duration retired);

    /// The oldest notes for the sink, at most `limit`, if nobody else's lease of it is alive; takes or
    /// prolongs the lease for `worker`.
    ///
    /// @param except runs whose notes are left for later
    Uni<List<Note>> take(
            String sink, String worker, Duration lease, int limit, Set<RunId> except);

    /// Takes notes away, and keeps the events that were given up, in one commit. A note that is gone
    /// already stays gone.
    Uni<Void> settle(String sink, Collection<Note> notes, List<DeadLetter> dead);

    /// The events that were given up for the sink, the newest first.
    Uni<List<DeadLetter>> deadLetters(String sink, int limit);

    /// One commit of a run.
    ///
    /// @param position grows from note to note of one run
    /// @param afterSeq where the commit begins: behind that entry of the journal
    /// @param lastSeq the commit's last entry
    /// @param at when it was committed, by the store's clock
    record Note(long position, RunId run, long afterSeq, long lastSeq, Instant at) {}

    /// An event that a sink would not take.
    ///
    /// @param at when it was given up
    /// @param reason without values
    record DeadLetter(RunId run, long seq, Instant at, String reason) {}
}
