package dev.signalbox.runtime;

import dev.signalbox.runtime.stage.Draft;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/// How others reach a session that is under way: to stop at the next safe point, or to give up a
/// model call because somebody wants something else of the run.
final class SessionControl {

    private volatile boolean stopping;
    private volatile Instant sureUntil = Instant.MIN;
    private volatile CompletableFuture<Draft> interrupt = new CompletableFuture<>();

    boolean stopping() {
        return stopping;
    }

    /// Stop at the next safe point.
    void stop() {
        stopping = true;
        interrupt();
    }

    /// Give up the model call that is under way, if one is.
    void interrupt() {
        interrupt.complete(new Draft());
    }

    /// Until when it is sure that the run is this session's own, by this process's clock.
    Instant sureUntil() {
        return sureUntil;
    }

    void sureUntil(Instant until) {
        sureUntil = until;
    }

    /// A new round begins, which sees to what was asked before; answers whether anything was.
    boolean rearm() {
        boolean interrupted = interrupt.isDone();
        if (interrupted && !stopping) {
            interrupt = new CompletableFuture<>();
        }
        return interrupted;
    }

    /// The outcome of `call`, or an empty one if the session is interrupted first. Only for effects
    /// that may simply be made again.
    Uni<Draft> unlessInterrupted(Uni<Draft> call) {
        CompletableFuture<Draft> signal = interrupt;
        return Uni.join()
                .first(call, Uni.createFrom().completionStage(signal::copy))
                .toTerminate();
    }
}
