package dev.signalbox.operator.view;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Decision.Choice;
import dev.signalbox.domain.approval.ApprovalTerms.OnExpiry;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.tool.SideEffect;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An approval, as those who decide see it.
///
/// @param arguments of the call; `null` once they have been erased
/// @param reason of the policy
/// @param requestedBy who asked for the run
public record ApprovalView(
        ApprovalId id,
        RunId runId,
        EffectId effectId,
        String tool,
        Optional<Json> arguments,
        Digest callDigest,
        SideEffect sideEffect,
        String policy,
        Optional<String> ruleId,
        String reason,
        Instant requestedAt,
        Optional<Instant> expiresAt,
        OnExpiry onExpiry,
        List<String> approvers,
        int quorum,
        boolean fourEyes,
        List<DecisionView> decisions,
        Approval.Status status,
        String requestedBy) {

    public ApprovalView {
        approvers = List.copyOf(approvers);
        decisions = List.copyOf(decisions);
    }

    /// What one person decided.
    ///
    /// @param arguments what the person wants instead, if the decision was to edit
    public record DecisionView(
            Choice decision, String by, String reason, Optional<Json> arguments, Instant at) {}

    public static ApprovalView of(Approval approval, Values values) {
        return new ApprovalView(
                approval.id(),
                approval.runId(),
                approval.effectId(),
                approval.tool(),
                values.get(approval.arguments()),
                approval.callDigest(),
                approval.sideEffect(),
                approval.policy(),
                approval.ruleId(),
                approval.reason(),
                approval.requestedAt(),
                approval.expiresAt(),
                approval.terms().onExpiry(),
                approval.terms().approvers(),
                approval.terms().quorum(),
                approval.terms().fourEyes(),
                approval.decisions().stream().map(made -> decision(made, values)).toList(),
                approval.status(),
                approval.requestedBy());
    }

    private static DecisionView decision(Approval.Decision made, Values values) {
        return new DecisionView(
                made.choice(),
                made.by(),
                made.reason(),
                made.editedArguments().flatMap(values::get),
                made.at());
    }
}
