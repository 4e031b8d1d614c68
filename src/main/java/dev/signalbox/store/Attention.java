package dev.signalbox.store;

import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.run.WaitingOn;

/// How much a run wants a person's eye: the bands of a list by attention.
public final class Attention {

    /// Held, or waiting for somebody to decide.
    public static final int NEEDS_A_PERSON = 0;

    /// Failed: nobody has to act, but somebody should know.
    public static final int FAILED = 1;

    /// All others.
    public static final int NONE = 2;

    private Attention() {}

    /// The band of `run`.
    public static int band(RunSummary run) {
        return switch (run.status()) {
            case HELD -> NEEDS_A_PERSON;
            case WAITING ->
                    run.waitingOn().map(Attention::forPeople).orElse(false) ? NEEDS_A_PERSON : NONE;
            case FAILED -> FAILED;
            case QUEUED, RUNNING, COMPLETED, CANCELLED -> NONE;
        };
    }

    private static boolean forPeople(WaitingOn waitingOn) {
        return switch (waitingOn.kind()) {
            case APPROVAL, OPERATOR -> true;
            case WORKER, TIMER, SIGNAL, CHILD -> false;
        };
    }
}
