package dev.signalbox.store;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/// Whoever asks for something: where the answer belongs.
public final class Caller {

    private Caller() {}

    /// The answer of `work`, on the Vert.x context of whoever subscribes; as it comes, if they are on
    /// none. Consequence: what runs on a context stays there, and two that run on different event
    /// loops never wait for one another, whoever answers.
    public static <T> Uni<T> answered(Uni<T> work) {
        return Uni.createFrom()
                .deferred(
                        () -> {
                            Context caller = Vertx.currentContext();
                            return caller == null
                                    ? work
                                    : work.emitOn(answer -> deliver(answer, caller));
                        });
    }

    private static void deliver(Runnable answer, Context caller) {
        if (caller.equals(Vertx.currentContext())) {
            answer.run();
        } else {
            caller.runOnContext(_ -> answer.run());
        }
    }
}
