package dev.signalbox.runtime;

import dev.signalbox.observe.Role;
import dev.signalbox.observe.Roles;
import dev.signalbox.observe.RunMetrics;
import dev.signalbox.queue.HandOver;
import dev.signalbox.queue.Relay;
import dev.signalbox.queue.RunQueue;
import dev.signalbox.queue.RunQueue.Delivery;
import dev.signalbox.store.Claim;
import dev.signalbox.store.RunInbox;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/// Keeps the worker busy: a hint comes off the queue, the run is claimed, the hint is acknowledged,
/// the run is driven. The queue is asked for as many hints as there is room for runs; what this
/// process itself makes due comes from hand to hand.
@ApplicationScoped
class WorkerLoop {

    private static final Logger LOG = Logger.getLogger(WorkerLoop.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration IDLE_LOOK = Duration.ofMillis(50);
    private static final int EARLY = 10;

    private final Worker worker;
    private final Lanes lanes;
    private final RunQueue queue;
    private final HandOver handOver;
    private final RunInbox inbox;
    private final Relay relay;
    private final RuntimeSettings settings;
    private final RunMetrics metrics;
    private final Roles roles;
    private final List<Cancellable> running = new ArrayList<>();
    private final AtomicInteger atWork = new AtomicInteger();

    WorkerLoop(
            Worker worker,
            Lanes lanes,
            RunQueue queue,
            HandOver handOver,
            RunInbox inbox,
            Relay relay,
            RuntimeSettings settings,
            RunMetrics metrics,
            Roles roles) {
        this.worker = worker;
        this.lanes = lanes;
        this.queue = queue;
        this.handOver = handOver;
        this.inbox = inbox;
        this.relay = relay;
        this.settings = settings;
        this.metrics = metrics;
        this.roles = roles;
    }

    void start(@Observes StartupEvent event) {
        if (!roles.has(Role.RUNTIME)) {
            return;
        }
        metrics.sessions(atWork::get);
        relay.start();
        keep("renewing leases", every(settings.renew()).call(_ -> quietly(worker.renew())));
        keep("watching for commands", commands());
        keep(
                "working on runs",
                Multi.createBy()
                        .merging()
                        .withRequests(1)
                        .streams(handedOver(), queued())
                        .onItem()
                        .transformToUni(this::work)
                        .merge(settings.concurrency()));
    }

    private Multi<Delivery> handedOver() {
        return handOver.deliveries(this::room).invoke(metrics::wakeupHandedOver);
    }

    private Multi<Delivery> queued() {
        return Multi.createFrom().deferred(queue::deliveries);
    }

    private int room() {
        return settings.concurrency() - atWork.get();
    }

    /// Before the last requests are answered: nothing more is taken, and runs are given back at
    /// their next safe point.
    void leave(@Observes ShutdownDelayInitiatedEvent event) {
        if (!running.isEmpty()) {
            running.getLast().cancel();
            worker.stopAll();
        }
    }

    /// Runs finish what they are at and are given back before the application ends.
    void stop(@Observes @Priority(EARLY) ShutdownEvent event) throws Exception {
        if (running.isEmpty()) {
            return;
        }
        leave(new ShutdownDelayInitiatedEvent());
        idle()
                .ifNoItem()
                .after(settings.shutdown())
                .fail()
                .onFailure()
                .recoverWithNull()
                .subscribeAsCompletionStage()
                .get(settings.shutdown().toSeconds() + 1, TimeUnit.SECONDS);
        if (atWork.get() > 0) {
            LOG.warnf("%d runs were still busy; their leases run out", atWork.get());
        }
        running.forEach(Cancellable::cancel);
    }

    /// Completes when nothing is left to do.
    private Uni<Void> idle() {
        return Multi.createFrom()
                .ticks()
                .every(IDLE_LOOK)
                .filter(_ -> atWork.get() == 0)
                .toUni()
                .replaceWithVoid();
    }

    /// Goes on to the end even if nobody takes hints any more: a claim that is under way would be
    /// left behind, and a call abandoned whose outcome nobody would know.
    private Uni<Void> work(Delivery delivery) {
        return Uni.createFrom()
                .deferred(() -> claimed(delivery))
                .chain(claim -> claim.map(this::drive).orElseGet(Uni.createFrom()::voidItem))
                .onSubscription()
                .invoke(() -> atWork.incrementAndGet())
                .onTermination()
                .invoke(
                        () -> {
                            atWork.decrementAndGet();
                            relay.roomFreed();
                        })
                .memoize()
                .indefinitely();
    }

    /// A claim counts even if the queue does not hear of it: the hint that comes again finds the
    /// run taken.
    private Uni<Optional<Claim>> claimed(Delivery delivery) {
        return worker.claim(delivery.runId())
                .onFailure()
                .recoverWithItem(failure -> unclaimed(delivery, failure))
                .call(() -> delivery.ack().onFailure().recoverWithNull());
    }

    private Uni<Void> drive(Claim claim) {
        return lanes.run(() -> worker.drive(claim));
    }

    /// The hint is dropped: the sweep sends another.
    private static Optional<Claim> unclaimed(Delivery delivery, Throwable failure) {
        LOG.debugf(failure, "run %s could not be claimed", delivery.runId());
        return Optional.empty();
    }

    private Multi<?> commands() {
        return Multi.createFrom()
                .deferred(inbox::woken)
                .onItem()
                .transformToUniAndMerge(id -> quietly(worker.noticed(id)));
    }

    private static Multi<Long> every(Duration period) {
        return Multi.createFrom().ticks().every(period).onOverflow().drop();
    }

    private static Uni<Void> quietly(Uni<Void> work) {
        return work.onFailure()
                .invoke(failure -> LOG.warnf("%s", failure.getMessage()))
                .onFailure()
                .recoverWithNull();
    }

    private void keep(String what, Multi<?> work) {
        running.add(
                work.onFailure()
                        .invoke(failure -> LOG.warnf(failure, "%s failed; it begins anew", what))
                        .onFailure()
                        .retry()
                        .withBackOff(SHORTEST_PAUSE, LONGEST_PAUSE)
                        .indefinitely()
                        .subscribe()
                        .with(_ -> {}, failure -> LOG.errorf(failure, "%s has ended", what)));
    }
}
