package dev.signalbox.observe;

import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.store.StaleLeaseException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How a piece of work ended, and how long it took.
///
/// @param item what came of it; null if it failed, was cancelled, or answers nothing
/// @param failure why it failed, if it did
record Ending<T>(
        Duration took, @Nullable T item, @Nullable Throwable failure, boolean cancelled) {

    /// The same work; tells `listener` how it ended, once: whoever has what they wanted may cancel
    /// all the same.
    static <T> Uni<T> of(Uni<T> work, Consumer<Ending<T>> listener) {
        return Uni.createFrom().deferred(() -> new Watch<>(listener).over(work));
    }

    private static final class Watch<T> {

        private final Consumer<Ending<T>> listener;
        private final long began = System.nanoTime();
        private final AtomicBoolean over = new AtomicBoolean();

        Watch(Consumer<Ending<T>> listener) {
            this.listener = listener;
        }

        Uni<T> over(Uni<T> work) {
            return work.onTermination().invoke(this::ended);
        }

        private void ended(@Nullable T item, @Nullable Throwable failure, boolean cancelled) {
            if (over.compareAndSet(false, true)) {
                Duration took = Duration.ofNanos(System.nanoTime() - began);
                listener.accept(new Ending<>(took, item, failure, cancelled));
            }
        }
    }

    /// In one word: what `success` says of the item, or why there is none.
    String outcome(Function<T, String> success) {
        return item == null ? outcome("none") : success.apply(item);
    }

    /// In one word: `success`, or why not.
    String outcome(String success) {
        if (cancelled) {
            return "cancelled";
        }
        return switch (failure) {
            case null -> success;
            case StaleLeaseException _ -> "stale";
            case ProblemException refusal -> refusal.problem().code().code();
            default -> "error";
        };
    }
}
