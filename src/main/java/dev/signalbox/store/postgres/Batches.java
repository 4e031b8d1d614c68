package dev.signalbox.store.postgres;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// Sends items in batches that form by themselves: what comes while a batch is on its way is the
/// next one.
///
/// Guarantee: an item that comes alone is sent at once, alone; nothing waits for company. Two items
/// with the same key are never in one batch and keep their order. A batch that the database refuses
/// is sent again item by item, so that the one at fault fails alone; a batch whose outcome is
/// unknown fails as a whole.
final class Batches<T, R> {

    private record Waiting<T, R>(T item, UniEmitter<? super R> emitter) {}

    private final int limit;
    private final Function<T, Object> key;
    private final Function<List<T>, Uni<List<R>>> send;
    private final Deque<Waiting<T, R>> waiting = new ArrayDeque<>();
    private boolean busy;

    /// @param limit most items of one batch
    /// @param send sends a batch; answers in the order of its items
    Batches(int limit, Function<T, Object> key, Function<List<T>, Uni<List<R>>> send) {
        this.limit = limit;
        this.key = key;
        this.send = send;
    }

    /// The answer for `item`. It is sent once for each subscription.
    Uni<R> submit(T item) {
        return Uni.createFrom().emitter(emitter -> add(new Waiting<>(item, emitter)));
    }

    private void add(Waiting<T, R> one) {
        synchronized (this) {
            waiting.add(one);
        }
        next();
    }

    private void next() {
        List<Waiting<T, R>> batch;
        synchronized (this) {
            if (busy || waiting.isEmpty()) {
                return;
            }
            busy = true;
            batch = take();
        }
        send(batch);
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

    private Uni<List<R>> sent(List<Waiting<T, R>> batch) {
        return Uni.createFrom()
                .deferred(() -> send.apply(batch.stream().map(Waiting::item).toList()));
    }

    /// Those who get an answer may have more to send at once: all of it becomes the next batch.
    private void answer(List<Waiting<T, R>> batch, List<R> answers) {
        try {
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).emitter().complete(answers.get(i));
            }
        } finally {
            done();
        }
    }

    private void fail(List<Waiting<T, R>> batch, Throwable failure) {
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
        UniEmitter<? super R> emitter = batch.get(at).emitter();
        sent(batch.subList(at, at + 1))
                .subscribe()
                .with(
                        answers -> {
                            emitter.complete(answers.getFirst());
                            alone(batch, at + 1);
                        },
                        failure -> {
                            emitter.fail(Failures.asProblem(failure));
                            alone(batch, at + 1);
                        });
    }

    private void done() {
        synchronized (this) {
            busy = false;
        }
        next();
    }
}
