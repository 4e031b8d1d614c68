package dev.signalbox.queue;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.store.RunInbox;
import dev.signalbox.store.RunLeases;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Turns committed wake-ups into messages.
///
/// Whoever has committed work for a run calls [#wake(RunId)], and the hint goes out at once: to a
/// worker of this process if it has room, and to the queue if not. What
/// never went out, or led nobody to the run, the sweep finds in the store and sends again.
/// Guarantee: a caller never waits for the queue, and a committed wake-up is never lost, however
/// long the queue is away. While it is away, one message a sweep tries whether it is back.
@ApplicationScoped
public class Relay {

    private static final Logger LOG = Logger.getLogger(Relay.class);

    /// Most hints on their way at once.
    private static final int CONCURRENCY = 64;

    /// Most hints that wait to be sent at once; the sweep finds the others.
    private static final int BACKLOG = 4096;

    /// Least room for which it is worth while to look for more runs at once.
    private static final int ENOUGH_ROOM = 4;

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private record Hint(RunId id, Optional<TraceParent> trace) {}

    private final RunQueue queue;
    private final HandOver handOver;
    private final RunLeases leases;
    private final RunInbox inbox;
    private final QueueSettings settings;
    private final Outage queueOutage = new Outage("the queue", "runs wait in the store");
    private final Outage storeOutage = new Outage("the store", "the sweep goes on when it is back");
    private final AtomicReference<@Nullable MultiEmitter<? super Hint>> outbox =
            new AtomicReference<>();
    private final AtomicReference<@Nullable Cancellable> running = new AtomicReference<>();
    private final AtomicReference<@Nullable MultiEmitter<? super Long>> early =
            new AtomicReference<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean moreThanRoom;

    public Relay(
            RunQueue queue,
            HandOver handOver,
            RunLeases leases,
            RunInbox inbox,
            QueueSettings settings) {
        this.queue = queue;
        this.handOver = handOver;
        this.leases = leases;
        this.inbox = inbox;
        this.settings = settings;
    }

    /// Says that a commit has made the run due. Returns at once.
    public void wake(RunId id) {
        if (handOver.take(id, TraceParent.current())) {
            return;
        }
        moreThanRoom = true;
        MultiEmitter<? super Hint> emitter = outbox.get();
        if (emitter == null || queueOutage.underWay()) {
            return;
        }
        if (waiting.incrementAndGet() > BACKLOG) {
            waiting.decrementAndGet();
            return;
        }
        emitter.emit(new Hint(id, TraceParent.current()));
    }

    /// Says that this process can take more runs. While more are due than it had room for, those whose
    /// turn it is are fetched at once.
    public void roomFreed() {
        MultiEmitter<? super Long> emitter = early.get();
        if (emitter != null && moreThanRoom && handOver.room() >= ENOUGH_ROOM) {
            emitter.emit(0L);
        }
    }

    /// Begins to send; does nothing if it has begun.
    public synchronized void start() {
        if (running.get() == null) {
            running.set(
                    Multi.createBy()
                            .merging()
                            .streams(atOnce(), heard(), swept())
                            .subscribe()
                            .with(_ -> {}, failure -> LOG.error("the relay has stopped", failure)));
        }
    }

    /// Stops sending; the store keeps what is due.
    public synchronized void stop() {
        Cancellable sending = running.getAndSet(null);
        if (sending != null) {
            sending.cancel();
        }
    }

    private Multi<Void> atOnce() {
        return Multi.createFrom()
                .<Hint>emitter(outbox::set, BackPressureStrategy.BUFFER)
                .onTermination()
                .invoke(() -> outbox.set(null))
                .onItem()
                .transformToUni(this::pass)
                .merge(CONCURRENCY);
    }

    private Uni<Void> pass(Hint hint) {
        waiting.decrementAndGet();
        return queueOutage.underWay() ? Uni.createFrom().voidItem() : send(hint.id(), hint.trace());
    }

    private Multi<Void> heard() {
        return Multi.createFrom()
                .deferred(inbox::woken)
                .invoke(this::wake)
                .onFailure()
                .retry()
                .withBackOff(SHORTEST_PAUSE, LONGEST_PAUSE)
                .indefinitely()
                .onItem()
                .ignore();
    }

    private Multi<Void> swept() {
        Multi<Uni<Void>> ticks =
                Multi.createFrom()
                        .ticks()
                        .every(settings.sweep())
                        .onOverflow()
                        .drop()
                        .map(_ -> sweep());
        Multi<Uni<Void>> early =
                Multi.createFrom()
                        .<Long>emitter(this.early::set, BackPressureStrategy.LATEST)
                        .map(_ -> fill());
        return Multi.createBy()
                .merging()
                .withRequests(1)
                .streams(ticks, early)
                .onItem()
                .transformToUniAndConcatenate(sweep -> sweep);
    }

    private Uni<Void> fill() {
        return Uni.createFrom()
                .deferred(
                        () ->
                                handOver.room() < ENOUGH_ROOM
                                        ? Uni.createFrom().voidItem()
                                        : sweep(handOver.room()));
    }

    /// Sends a hint for every run that is due and that nobody came for.
    Uni<Void> sweep() {
        return Uni.createFrom()
                .deferred(
                        () ->
                                sweep(
                                        queueOutage.underWay()
                                                ? Math.clamp(
                                                        handOver.room(), 1, settings.sweepLimit())
                                                : settings.sweepLimit()));
    }

    private Uni<Void> sweep(int limit) {
        return leases.dispatch(limit, settings.resend())
                .invoke(storeOutage::ended)
                .onFailure()
                .invoke(storeOutage::began)
                .onFailure()
                .recoverWithItem(List.of())
                .invoke(due -> moreThanRoom = due.size() >= limit)
                .chain(this::sendAll);
    }

    private Uni<Void> sendAll(List<RunId> due) {
        return Multi.createFrom()
                .iterable(due)
                .onItem()
                .transformToUni(id -> swept(id, due.size() == 1))
                .merge(CONCURRENCY)
                .collect()
                .last()
                .replaceWithVoid();
    }

    /// One hint tries whether the queue is back; several would only time out one after another.
    private Uni<Void> swept(RunId id, boolean alone) {
        if (handOver.take(id, Optional.empty())) {
            return Uni.createFrom().voidItem();
        }
        return queueOutage.underWay() && !alone
                ? Uni.createFrom().voidItem()
                : send(id, Optional.empty());
    }

    private Uni<Void> send(RunId id, Optional<TraceParent> trace) {
        return queue.send(id, trace)
                .invoke(queueOutage::ended)
                .onFailure()
                .invoke(queueOutage::began)
                .onFailure()
                .recoverWithNull();
    }
}
