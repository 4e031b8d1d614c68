package dev.signalbox.store.postgres;

import dev.signalbox.store.Caller;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/// Sends items in batches that form by themselves: what comes while a batch is on its way is the
/// next one.
///
/// Guarantee: an item that comes alone is sent at once, alone; nothing waits for company. Two items
/// with the same key are never in one batch and keep their order. A batch that the database refuses
/// is sent again item by item, so that the one at fault fails alone; a batch whose outcome is
/// unknown fails as a whole. An item for which a batch found nothing is asked for once more alone:
/// see [#missed].
final class Batches<T, R> {

    private static final Logger LOG = Logger.getLogger(Batches.class);

    private record Waiting<T, R>(T item, UniEmitter<? super Optional<R>> emitter) {}

    private final int limit;
    private final Function<T, Object> key;
    private final Function<List<T>, Uni<List<Optional<R>>>> send;
    private final Deque<Waiting<T, R>> waiting = new ArrayDeque<>();
    private final Deque<Runnable> interludes = new ArrayDeque<>();
    private boolean busy;

    /// @param limit most items of one batch
    /// @param send sends a batch; answers in the order of its items
    Batches(int limit, Function<T, Object> key, Function<List<T>, Uni<List<Optional<R>>>> send) {
        this.limit = limit;
        this.key = key;
        this.send = send;
    }

    /// The answer for `item`, where it was asked for; empty if the database has none. It is sent once
    /// for each subscription.
    Uni<Optional<R>> submit(T item) {
        return Caller.answered(
                Uni.createFrom().emitter(emitter -> add(new Waiting<>(item, emitter))));
    }

    /// Does something between two batches, for what touches the rows that batches touch.
    <V> Uni<V> between(Supplier<Uni<V>> work) {
        return Uni.createFrom()
                .emitter(
                        emitter -> {
                            synchronized (this) {
                                interludes.add(() -> interlude(work, emitter));
                            }
                            next();
                        });
    }

    private <V> void interlude(Supplier<Uni<V>> work, UniEmitter<? super V> emitter) {
        Uni.createFrom()
                .deferred(work::get)
                .onTermination()
                .invoke(this::done)
                .subscribe()
                .with(emitter::complete, emitter::fail);
    }

    private void add(Waiting<T, R> one) {
        synchronized (this) {
            waiting.add(one);
        }
        next();
    }

    private void next() {
        Runnable step;
        synchronized (this) {
            if (busy || (waiting.isEmpty() && interludes.isEmpty())) {
                return;
            }
            busy = true;
            step = interludes.isEmpty() ? batch() : interludes.remove();
        }
        step.run();
    }

    private Runnable batch() {
        List<Waiting<T, R>> batch = take();
        return () -> send(batch);
    }

    private List<Waiting<T, R>> take() {
        List<Waiting<T, R>> batch = new ArrayList<>(Math.min(limit, waiting.size()));
        List<Waiting<T, R>> later = new ArrayList<>();
        Set<Object> keys = new HashSet<>();
        while (batch.size() < limit && !waiting.isEmpty()) {
            Waiting<T, R> one = waiting.remove();
            (keys.add(key.apply(one.item())) ? batch : later).add(one);
        }
        later.reversed().forEach(waiting::addFirst);
        return batch;
    }

    private void send(List<Waiting<T, R>> batch) {
        sent(batch)
                .subscribe()
                .with(
                        answers -> answer(batch, answers),
                        failure -> fail(batch, Failures.asProblem(failure)));
    }

    private Uni<List<Optional<R>>> sent(List<Waiting<T, R>> batch) {
        return Uni.createFrom()
                .deferred(() -> send.apply(batch.stream().map(Waiting::item).toList()));
    }

    /// Those who get an answer may have more to send at once: all of it becomes the next batch.
    private void answer(List<Waiting<T, R>> batch, List<Optional<R>> answers) {
        List<Waiting<T, R>> missed = missed(batch, answers);
        try {
            for (int i = 0; i < batch.size(); i++) {
                if (!missed.contains(batch.get(i))) {
                    batch.get(i).emitter().complete(answers.get(i));
                }
            }
        } finally {
            alone(missed, 0);
        }
    }

    /// When a statement over many rows has to wait for somebody else's change to one of them,
    /// PostgreSQL checks its conditions anew for that row, and may then find that a row of a
    /// function's result, such as `unnest`, is no match although it is. Alone there is no such doubt.
    private List<Waiting<T, R>> missed(List<Waiting<T, R>> batch, List<Optional<R>> answers) {
        return batch.size() == 1
                ? List.of()
                : IntStream.range(0, batch.size())
                        .filter(i -> answers.get(i).isEmpty())
                        .mapToObj(batch::get)
                        .toList();
    }

    private void fail(List<Waiting<T, R>> batch, Throwable failure) {
        LOG.debugf(failure, "a batch of %d failed", batch.size());
        if (batch.size() == 1 || Failures.unavailable(failure)) {
            batch.forEach(one -> one.emitter().fail(failure));
            done();
        } else {
            alone(batch, 0);
        }
    }

    private void alone(List<Waiting<T, R>> batch, int at) {
        if (at == batch.size()) {
            done();
            return;
        }
        UniEmitter<? super Optional<R>> emitter = batch.get(at).emitter();
        sent(batch.subList(at, at + 1))
                .onTermination()
                .invoke(() -> alone(batch, at + 1))
                .subscribe()
                .with(
                        answers -> emitter.complete(answers.getFirst()),
                        failure -> emitter.fail(Failures.asProblem(failure)));
    }

    private void done() {
        synchronized (this) {
            busy = false;
        }
        next();
    }
}
