package dev.signalbox.domain.approval;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How an approval works: who may give it, how many must, and what happens if nobody does.
///
/// @param approvers `role:NAME` or `user:NAME`
/// @param quorum how many different approvers must approve, 1 or more
/// @param fourEyes whether the one who asked for the run may not decide
/// @param expiresIn how long a decision may take; empty means for ever
public record ApprovalTerms(
        List<String> approvers,
        int quorum,
        boolean fourEyes,
        Optional<Duration> expiresIn,
        OnExpiry onExpiry) {

    /// What an expired approval means.
    public enum OnExpiry {
        /// The model is told that nobody approved in time.
        REJECT,
        /// The run fails.
        FAIL,
        /// The run is held for an operator.
        HOLD
    }

    public ApprovalTerms {
        approvers = List.copyOf(approvers);
        if (approvers.isEmpty() || quorum < 1) {
            throw new IllegalArgumentException(
                    "an approval needs approvers and a quorum of 1 or more");
        }
    }
}
