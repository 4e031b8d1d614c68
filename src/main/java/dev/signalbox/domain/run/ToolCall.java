package dev.signalbox.domain.run;

import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import java.time.Instant;
import java.util.Optional;

/// One proposed call of a tool, or one child run, and how far it has come.
///
/// @param callId the model's own id of the call
public record ToolCall(
        EffectId effectId,
        String callId,
        String tool,
        Digest arguments,
        Digest callDigest,
        Status status) {

    /// How far a call has come.
    public sealed interface Status {

        record Proposed() implements Status {}

        /// May go out. `attempts` were made already, none of which happened.
        record Allowed(int attempts) implements Status {}

        record AwaitingApproval(ApprovalId approvalId, Optional<Instant> expiresAt)
                implements Status {}

        /// A person changed the arguments: a new proposal is to replace this one.
        record EditRequested(Digest arguments) implements Status {}

        /// Replaced by another proposal.
        record Superseded(EffectId by) implements Status {}

        /// A child run does it.
        record Delegated(RunId child) implements Status {}

        /// Sent, or about to be.
        record Started(int attempt) implements Status {}

        /// Did not happen; another attempt is due.
        record RetryDue(int attempts, Instant at) implements Status {}

        /// Sent, and nobody knows whether it happened.
        ///
        /// @param probes how often the outside was asked, and could not say
        /// @param probeAt when it is to be asked next; empty if only people can find out
        record OutcomeUnknown(int attempt, String detail, int probes, Optional<Instant> probeAt)
                implements Status {}

        /// @param result what the tool answered
        record Succeeded(Digest result) implements Status {}

        /// Will not happen: denied, rejected, expired, or failed for good.
        ///
        /// @param body what the other side answered, if it did
        record Refused(String code, String message, Optional<Digest> body) implements Status {}
    }

    ToolCall with(Status next) {
        return new ToolCall(effectId, callId, tool, arguments, callDigest, next);
    }

    /// Whether it was sent, and no answer has told what became of it.
    public boolean mayBeOut() {
        return status instanceof Status.Started || status instanceof Status.OutcomeUnknown;
    }

    /// Whether there is nothing more to come of this call.
    public boolean settled() {
        return switch (status) {
            case Status.Succeeded _, Status.Refused _, Status.Superseded _ -> true;
            case Status.Proposed _,
                    Status.Allowed _,
                    Status.AwaitingApproval _,
                    Status.EditRequested _,
                    Status.Delegated _,
                    Status.Started _,
                    Status.RetryDue _,
                    Status.OutcomeUnknown _ ->
                    false;
        };
    }
}
