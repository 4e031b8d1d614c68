package dev.signalbox.queue;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/// Gathers the parts of one text for a moment, so that not every word is a message of its own.
///
/// Guarantee: parts come out in their order, one message at a time; [#end] lets out what is left.
public final class Speaker implements Consumer<String> {

    /// Between two messages.
    static final Duration MOMENT = Duration.ofMillis(50);

    /// Escaped in JSON a character may take six.
    private static final int MOST = 380;

    private final BiFunction<Long, String, Uni<Void>> out;
    private final StringBuilder gathered = new StringBuilder();
    private long offset;
    private boolean busy;

    Speaker(BiFunction<Long, String, Uni<Void>> out) {
        this.out = out;
    }

    @Override
    public void accept(String part) {
        synchronized (this) {
            gathered.append(part);
            if (busy || gathered.isEmpty()) {
                return;
            }
            busy = true;
        }
        later();
    }

    /// Nothing more comes.
    public void end() {
        while (hasMore()) {
            next().subscribe().with(_ -> {}, _ -> {});
        }
    }

    private synchronized boolean hasMore() {
        return !gathered.isEmpty();
    }

    private void later() {
        Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(MOMENT)
                .chain(this::next)
                .onFailure()
                .recoverWithNull()
                .subscribe()
                .with(_ -> again(), _ -> again());
    }

    private void again() {
        synchronized (this) {
            if (gathered.isEmpty()) {
                busy = false;
                return;
            }
        }
        later();
    }

    private synchronized Uni<Void> next() {
        if (gathered.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        int length = Math.min(MOST, gathered.length());
        if (length < gathered.length() && Character.isHighSurrogate(gathered.charAt(length - 1))) {
            length--;
        }
        String text = gathered.substring(0, length);
        gathered.delete(0, length);
        long at = offset;
        offset += length;
        return out.apply(at, text);
    }
}
