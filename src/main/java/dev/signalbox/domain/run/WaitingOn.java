package dev.signalbox.domain.run;

import dev.signalbox.domain.id.ApprovalId;
import java.time.Instant;
import java.util.Optional;

/// Why a run is not progressing and what would unblock it, in one sentence.
///
/// @param until when it goes on by itself, if it does
public record WaitingOn(
        Kind kind,
        Instant since,
        String detail,
        Optional<ApprovalId> approvalId,
        Optional<Instant> until) {

    /// Whom or what a run waits for.
    public enum Kind {
        WORKER,
        APPROVAL,
        TIMER,
        SIGNAL,
        CHILD,
        OPERATOR
    }
}
