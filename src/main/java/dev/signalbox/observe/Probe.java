package dev.signalbox.observe;

import dev.signalbox.domain.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What came of asking a dependency whether it is there.
///
/// @param away why it counts as away; empty if it answered
/// @param took how long that took
public record Probe(Optional<String> away, Duration took) {

    /// Asks, and waits no longer than `patience`. Never fails and never blocks.
    public static Uni<Probe> of(Uni<?> question, Duration patience) {
        return Uni.createFrom()
                .deferred(
                        () -> {
                            long began = System.nanoTime();
                            return question.ifNoItem()
                                    .after(patience)
                                    .failWith(() -> new SilenceException(patience))
                                    .onItemOrFailure()
                                    .transform((_, failure) -> since(began, failure));
                        });
    }

    private static Probe since(long began, @Nullable Throwable failure) {
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        return new Probe(Optional.ofNullable(failure).map(Probe::reason), took);
    }

    private static String reason(Throwable failure) {
        if (failure instanceof ProblemException refusal) {
            return refusal.problem().detail();
        }
        return failure.getMessage() == null ? failure.getClass().getName() : failure.getMessage();
    }

    private static final class SilenceException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        SilenceException(Duration patience) {
            super("no answer within " + patience);
        }
    }
}
