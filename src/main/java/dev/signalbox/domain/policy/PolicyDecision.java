package dev.signalbox.domain.policy;

import dev.signalbox.domain.approval.ApprovalTerms;
import java.util.Optional;

/// What a policy decided of one call, and why.
///
/// @param ruleId the rule that decided, if one did
public record PolicyDecision(
        Verdict verdict, Optional<String> ruleId, String reason, Optional<ApprovalTerms> approval) {

    static PolicyDecision of(Verdict verdict, String reason) {
        return new PolicyDecision(verdict, Optional.empty(), reason, Optional.empty());
    }
}
