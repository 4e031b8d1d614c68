package dev.signalbox.runtime;

import dev.signalbox.store.Lease;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.RunChange.Next;
import dev.signalbox.store.RunLeases;
import dev.signalbox.store.RunStore;
import dev.signalbox.store.StaleLeaseException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// Commits what sessions record, and knows what a commit is worth.
///
/// Guarantees: a commit that went through counts, even if its answer was lost. An effect is sent
/// only shortly after the store was asked whether the run is still this session's own, and said
/// yes; a process that has stood still in between asks again.
@ApplicationScoped
class Commits {

    /// How long a session waits for a store that cannot be reached.
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /// The part of a lease for which an answer of the store is good. Leases are renewed well before
    /// that is over, so nobody else has the run by then.
    private static final int SURE_PART = 2;

    private final RunStore runs;
    private final RunLeases leases;
    private final RuntimeSettings settings;
    private final InstantSource clock;

    Commits(RunStore runs, RunLeases leases, RuntimeSettings settings, InstantSource clock) {
        this.runs = runs;
        this.leases = leases;
        this.settings = settings;
        this.clock = clock;
    }

    /// The commits of one session, one at a time.
    CommitQueue of(RunSession session, SessionControl control) {
        return new CommitQueue(session, next -> append(session, control, session.take(next)));
    }

    /// Completes when all that is recorded is durable and it is sure that nobody else has the run;
    /// fails if somebody has.
    Uni<Void> sure(Drive run) {
        return run.commits()
                .durable()
                .chain(
                        () ->
                                clock.instant().isBefore(run.control().sureUntil())
                                        ? Uni.createFrom().voidItem()
                                        : ask(run).chain(() -> sure(run)));
    }

    /// A change of nothing goes through the same fence as any other.
    private Uni<Void> ask(Drive run) {
        return leases.renew(List.of(run.session().lease()), settings.lease())
                .onFailure(RunPipeline::unavailable)
                .retry()
                .withBackOff(SHORTEST_PAUSE, LONGEST_PAUSE)
                .expireIn(PATIENCE.toMillis())
                .chain(run.commits()::fence);
    }

    /// A store that cannot be reached is asked again: while nobody else has claimed the run, what
    /// this session knows is still true, and the fence sees to the rest.
    private Uni<Void> append(RunSession session, SessionControl control, RunChange change) {
        AtomicBoolean answerLost = new AtomicBoolean();
        return Uni.createFrom()
                .deferred(() -> attempt(session.lease(), control, change))
                .onFailure(StaleLeaseException.class)
                .recoverWithUni(
                        stale ->
                                answerLost.get()
                                        ? landed(session.lease(), change, stale)
                                        : Uni.createFrom().failure(stale))
                .onFailure(RunPipeline::unavailable)
                .invoke(() -> answerLost.set(true))
                .onFailure(RunPipeline::unavailable)
                .retry()
                .withBackOff(SHORTEST_PAUSE, LONGEST_PAUSE)
                .expireIn(PATIENCE.toMillis())
                .invoke(session::committed)
                .replaceWithVoid();
    }

    private Uni<Long> attempt(Lease lease, SessionControl control, RunChange change) {
        Instant asked = clock.instant();
        return runs.append(lease, change)
                .invoke(() -> control.sureUntil(asked.plus(sure())));
    }

    private Duration sure() {
        return settings.lease().dividedBy(SURE_PART);
    }

    /// An attempt whose answer was lost may have gone through, and then the journal's head is where
    /// the change ends: nobody else could have written that.
    private Uni<Long> landed(Lease lease, RunChange change, Throwable stale) {
        return runs.find(lease.runId())
                .map(
                        found ->
                                !change.entries().isEmpty()
                                        && found.filter(
                                                        now ->
                                                                now.headHash()
                                                                        .equals(
                                                                                change.after()
                                                                                        .headHash()))
                                                .isPresent())
                .chain(
                        wentThrough ->
                                wentThrough
                                        ? kept(lease, change)
                                        : Uni.createFrom().item(false))
                .chain(
                        kept ->
                                kept
                                        ? Uni.createFrom().item(RunSession.UNKNOWN_VERSION)
                                        : Uni.createFrom().failure(stale));
    }

    private Uni<Boolean> kept(Lease lease, RunChange change) {
        return change.next() instanceof Next.Continue
                ? leases.renew(List.of(lease), settings.lease())
                        .map(held -> held.contains(lease.runId()))
                : Uni.createFrom().item(true);
    }
}
