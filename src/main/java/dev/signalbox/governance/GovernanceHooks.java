package dev.signalbox.governance;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent.ApprovalRequested;
import dev.signalbox.domain.run.RunEvent.ApprovalResolved;
import dev.signalbox.domain.run.RunEvent.PolicyDecided;
import dev.signalbox.domain.run.RunEvent.VerificationCompleted;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunStatus;
import java.time.Instant;
import java.util.Optional;

/// A CDI bean of the host that hears what is decided about runs. Any number of beans may implement
/// it, each as much of it as it wants.
///
/// Guarantee: a hook is called after the commit, never for what was not committed, in the order of
/// each run's journal, by one process at a time, and again if that process dies before it has noted
/// the call: at least once. It cannot block or fail a run. It is called on a virtual thread, which is
/// interrupted after 10 seconds; one that takes longer or throws is logged and counted, and is not
/// called again for the same event. Consequence: a hook makes itself safe to repeat, by
/// [Occasion#id], and sees to its own retries.
///
/// Values stand in events as digests: what is sensitive is not handed out here.
public interface GovernanceHooks {

    /// A policy has decided on a proposed call.
    default void policyDecided(Occasion occasion, PolicyDecided decision) {}

    /// A call waits for people.
    default void approvalRequested(Occasion occasion, ApprovalRequested request) {}

    /// People have decided, or the time for it is over, and the run has taken it up.
    default void approvalResolved(Occasion occasion, ApprovalResolved resolution) {}

    /// An answer was held against the definition's rules.
    default void verifierCompleted(Occasion occasion, VerificationCompleted verification) {}

    /// A run has ended.
    default void runSettled(Occasion occasion, Settlement settlement) {}

    /// What an event belongs to.
    ///
    /// @param seq the event's place in the journal of the run
    /// @param at when it happened
    /// @param hash of the journal's entry
    /// @param tool what the call is to, if the event is about a call
    record Occasion(
            RunIdentity run, long seq, Instant at, Digest hash, Optional<String> tool) {

        /// The same each time that the event is handed over.
        public String id() {
            return run.id() + "/" + seq;
        }
    }

    /// How a run ended.
    ///
    /// @param output by digest, if it completed
    /// @param error if it did not
    record Settlement(RunStatus status, Optional<Digest> output, Optional<RunError> error) {}
}
