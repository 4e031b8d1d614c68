package dev.signalbox.domain.approval;

import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.tool.SideEffect;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A call that waits for people, or waited, and what they said.
///
/// @param arguments digest of the arguments; their content stands with the run's payloads
/// @param callDigest of the [CallBinding]
/// @param ruleId the rule that asked for the approval
/// @param reason the policy's reason
/// @param requestedBy who asked for the run
public record Approval(
        ApprovalId id,
        RunId runId,
        String tenant,
        EffectId effectId,
        String tool,
        Digest arguments,
        Digest callDigest,
        SideEffect sideEffect,
        String policy,
        Digest policyDigest,
        Optional<String> ruleId,
        String reason,
        ApprovalTerms terms,
        String requestedBy,
        Instant requestedAt,
        Optional<Instant> expiresAt,
        Status status,
        List<Decision> decisions) {

    /// Where an approval stands.
    public enum Status {
        PENDING,
        APPROVED,
        REJECTED,
        EDITED,
        EXPIRED,
        /// The run ended before anybody decided.
        WITHDRAWN
    }

    /// What one person decided.
    ///
    /// @param editedArguments digest of the arguments that the person wants instead
    public record Decision(
            Choice choice, String by, String reason, Optional<Digest> editedArguments, Instant at) {

        /// What a person can decide.
        public enum Choice {
            APPROVE,
            REJECT,
            EDIT
        }
    }

    public Approval {
        decisions = List.copyOf(decisions);
    }

    public Approval with(Status nextStatus, List<Decision> nextDecisions) {
        return new Approval(
                id,
                runId,
                tenant,
                effectId,
                tool,
                arguments,
                callDigest,
                sideEffect,
                policy,
                policyDigest,
                ruleId,
                reason,
                terms,
                requestedBy,
                requestedAt,
                expiresAt,
                nextStatus,
                nextDecisions);
    }
}
