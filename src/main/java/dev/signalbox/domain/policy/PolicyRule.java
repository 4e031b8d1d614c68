package dev.signalbox.domain.policy;

import dev.signalbox.domain.approval.ApprovalTerms;
import java.util.Optional;

/// One rule of a policy.
///
/// @param approval how the approval works; present if and only if `then` is
///     [Verdict#REQUIRE_APPROVAL]
public record PolicyRule(
        String id, Expression when, Verdict then, Optional<ApprovalTerms> approval) {

    public PolicyRule {
        if (approval.isPresent() != (then == Verdict.REQUIRE_APPROVAL)) {
            throw new IllegalArgumentException(
                    "a rule has approval terms if and only if it requires approval");
        }
    }
}
