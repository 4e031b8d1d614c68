package dev.signalbox.bench.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

/// So many callers at once, each of whom begins anew as soon as it has an answer, for some time.
record ClosedLoop(int concurrency, long nanos, Call call) {

    interface Call {
        void make() throws Exception;
    }

    /// How long all took, and then each call, in nanoseconds.
    String run() throws InterruptedException {
        ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
        AtomicReference<Exception> failure = new AtomicReference<>();
        List<Thread> callers = new ArrayList<>();
        long from = System.nanoTime();
        for (int caller = 0; caller < concurrency; caller++) {
            callers.add(Thread.ofVirtual().start(() -> calls(from + nanos, times, failure)));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        if (failure.get() != null) {
            throw new IllegalStateException(failure.get());
        }
        StringBuilder answer = new StringBuilder().append(System.nanoTime() - from);
        times.forEach(time -> answer.append(' ').append(time));
        return answer.toString();
    }

    private void calls(
            long end, ConcurrentLinkedQueue<Long> times, AtomicReference<Exception> failure) {
        try {
            for (long from = System.nanoTime(); from < end; from = System.nanoTime()) {
                call.make();
                times.add(System.nanoTime() - from);
            }
        } catch (Exception failed) {
            failure.set(failed);
        }
    }
}
