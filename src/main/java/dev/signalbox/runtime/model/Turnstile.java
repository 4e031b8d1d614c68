package dev.signalbox.runtime.model;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Lets so many calls through at once, and so many a minute; the others wait.
///
/// Guarantee: lanes take turns, so that nobody waits for more than one call of each other lane
/// before it; within a lane it is first come, first served. Who gives up waiting is forgotten, and
/// a call that ends in any way makes room for the next. A rate is kept over any ten seconds, not
/// only over minutes.
final class Turnstile {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int BURSTS_A_MINUTE = 6;

    /// Somebody who waits.
    private static final class Waiter {
        private final UniEmitter<? super Boolean> emitter;
        private volatile boolean entered;

        Waiter(UniEmitter<? super Boolean> emitter) {
            this.emitter = emitter;
        }
    }

    private final int concurrent;
    private final Optional<Integer> perMinute;
    private final InstantSource clock;
    private final BiConsumer<Duration, Runnable> timer;
    private final Map<String, Deque<Waiter>> lanes = new LinkedHashMap<>();
    private int inside;
    private int waiting;
    private double allowance;
    private Instant counted;
    private boolean wakeUpSet;

    /// @param perMinute most calls a minute; empty for any number
    /// @param timer runs something later, on any thread
    Turnstile(
            int concurrent,
            Optional<Integer> perMinute,
            InstantSource clock,
            BiConsumer<Duration, Runnable> timer) {
        this.concurrent = concurrent;
        this.perMinute = perMinute;
        this.clock = clock;
        this.timer = timer;
        this.allowance = burst();
        this.counted = clock.instant();
    }

    /// Makes the call as soon as it may be made.
    <T> Uni<T> pass(String lane, Supplier<Uni<T>> call) {
        AtomicReference<@Nullable Waiter> place = new AtomicReference<>();
        return Uni.createFrom()
                .<Boolean>emitter(
                        emitter -> {
                            Waiter waiter = new Waiter(emitter);
                            place.set(waiter);
                            enter(lane, waiter);
                        })
                .chain(
                        _ ->
                                Uni.createFrom()
                                        .deferred(
                                                () -> {
                                                    Objects.requireNonNull(place.get()).entered =
                                                            true;
                                                    return call.get();
                                                })
                                        .onTermination()
                                        .invoke(this::leave));
    }

    synchronized int waiting() {
        return waiting;
    }

    private void enter(String lane, Waiter waiter) {
        synchronized (this) {
            lanes.computeIfAbsent(lane, _ -> new ArrayDeque<>()).addLast(waiter);
            waiting++;
        }
        waiter.emitter.onTermination(() -> forget(lane, waiter));
        letIn();
    }

    private synchronized void forget(String lane, Waiter waiter) {
        Deque<Waiter> others = lanes.get(lane);
        if (others != null && others.remove(waiter)) {
            waiting--;
            if (others.isEmpty()) {
                lanes.remove(lane);
            }
        }
    }

    private void leave() {
        synchronized (this) {
            inside--;
        }
        letIn();
    }

    /// What is let in runs outside of the lock, on this thread.
    private void letIn() {
        for (Waiter next = next(); next != null; next = next()) {
            next.emitter.complete(true);
            if (!next.entered) {
                // given up while its turn came: nobody will leave in its stead
                leave();
            }
        }
    }

    private synchronized @Nullable Waiter next() {
        if (waiting == 0 || inside >= concurrent || !spend()) {
            return null;
        }
        Map.Entry<String, Deque<Waiter>> lane = lanes.entrySet().iterator().next();
        lanes.remove(lane.getKey());
        Waiter first = lane.getValue().removeFirst();
        if (!lane.getValue().isEmpty()) {
            lanes.put(lane.getKey(), lane.getValue());
        }
        waiting--;
        inside++;
        return first;
    }

    private boolean spend() {
        if (perMinute.isEmpty()) {
            return true;
        }
        double perMilli = (double) perMinute.get() / MINUTE.toMillis();
        Instant now = clock.instant();
        long passed = Math.max(0, Duration.between(counted, now).toMillis());
        allowance = Math.min(burst(), allowance + passed * perMilli);
        counted = now;
        if (allowance >= 1) {
            allowance--;
            return true;
        }
        if (!wakeUpSet) {
            wakeUpSet = true;
            long millis = (long) Math.ceil((1 - allowance) / perMilli);
            timer.accept(Duration.ofMillis(Math.max(1, millis)), this::wake);
        }
        return false;
    }

    private void wake() {
        synchronized (this) {
            wakeUpSet = false;
        }
        letIn();
    }

    private double burst() {
        return Math.max(1, perMinute.orElse(0) / (double) BURSTS_A_MINUTE);
    }
}
