package dev.signalbox.bench;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// So many callers at once, each of whom begins anew as soon as it has an answer, for some time.
final class ClosedLoop {

    private static final long PATIENCE_SECONDS = 300;

    private final Supplier<CompletionStage<?>> call;
    private final Collection<Long> times = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private final AtomicInteger callers;
    private final long from = System.nanoTime();
    private volatile long end;

    private ClosedLoop(int concurrency, long millis, Supplier<CompletionStage<?>> call) {
        this.call = call;
        this.callers = new AtomicInteger(concurrency);
        this.end = from + millis * 1_000_000;
    }

    /// Runs to the end of the last call that began in time.
    static Times run(int concurrency, long millis, Supplier<CompletionStage<?>> call) {
        ClosedLoop loop = start(concurrency, millis, call);
        return loop.join();
    }

    static ClosedLoop start(int concurrency, long millis, Supplier<CompletionStage<?>> call) {
        ClosedLoop loop = new ClosedLoop(concurrency, millis, call);
        for (int caller = 0; caller < concurrency; caller++) {
            loop.next();
        }
        return loop;
    }

    /// Nobody begins anew from now on.
    ClosedLoop stop() {
        end = System.nanoTime();
        return this;
    }

    /// Waits until everybody has an answer.
    Times join() {
        try {
            idle.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new IllegalStateException("the loop did not end", failed);
        }
        return Times.of(System.nanoTime() - from, times);
    }

    private void next() {
        long begun = System.nanoTime();
        if (begun > end) {
            if (callers.decrementAndGet() == 0) {
                idle.complete(null);
            }
            return;
        }
        var _ =
                call.get()
                        .whenComplete(
                                (_, failure) -> {
                                    if (failure != null) {
                                        idle.completeExceptionally(failure);
                                        return;
                                    }
                                    times.add(System.nanoTime() - begun);
                                    next();
                                });
    }
}
