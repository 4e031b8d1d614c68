package dev.signalbox.store;

import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.store.JobStore.JobCommand;

/// Which commands a job's state allows: the same in every backend.
public final class JobMoves {

    private JobMoves() {}

    /// Refuses, with `illegal_move`, what makes no sense now.
    public static void check(JobCommand command, boolean paused, boolean retired) {
        if (retired) {
            throw illegal("The job is retired: its document was removed.");
        }
        switch (command) {
            case JobCommand.Pause() -> {
                if (paused) {
                    throw illegal("The job is paused already.");
                }
            }
            case JobCommand.Resume _ -> {
                if (!paused) {
                    throw illegal("The job is not paused.");
                }
            }
            case JobCommand.Fire _ -> {}
        }
    }

    private static ProblemException illegal(String detail) {
        return ProblemException.of(ProblemCode.ILLEGAL_MOVE, detail);
    }
}
