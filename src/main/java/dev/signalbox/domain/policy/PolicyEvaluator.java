package dev.signalbox.domain.policy;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.policy.Expressions.Evaluation;
import java.util.Map;
import java.util.Optional;

/// Decides one call by one policy.
///
/// Order: `deny` patterns, then the rules in order, then `allow` patterns, then the default.
/// Guarantee: fails closed. A rule whose condition cannot be evaluated denies the call, because
/// nobody knows whether it was meant to.
public final class PolicyEvaluator {

    private final Expressions expressions;

    public PolicyEvaluator(Expressions expressions) {
        this.expressions = expressions;
    }

    /// The policy's decision on a call of `toolName`.
    ///
    /// @param variables what conditions may speak of: `tool`, `args`, `input`, `run`
    public PolicyDecision evaluate(
            PolicyDefinition policy, String toolName, Map<String, Json> variables) {
        for (ToolPattern pattern : policy.deny()) {
            if (pattern.matches(toolName)) {
                return PolicyDecision.of(
                        Verdict.DENY, "the policy's deny list has '" + pattern.glob() + "'");
            }
        }
        for (PolicyRule rule : policy.rules()) {
            Optional<PolicyDecision> decision = decide(rule, variables);
            if (decision.isPresent()) {
                return decision.get();
            }
        }
        for (ToolPattern pattern : policy.allow()) {
            if (pattern.matches(toolName)) {
                return PolicyDecision.of(
                        Verdict.ALLOW, "the policy's allow list has '" + pattern.glob() + "'");
            }
        }
        return PolicyDecision.of(
                policy.defaultVerdict(), "no rule and no list of the policy names this call");
    }

    private Optional<PolicyDecision> decide(PolicyRule rule, Map<String, Json> variables) {
        return switch (expressions.evaluate(rule.when(), variables)) {
            case Evaluation.Value value when value.isTrue() ->
                    Optional.of(
                            new PolicyDecision(
                                    rule.then(),
                                    Optional.of(rule.id()),
                                    "rule '" + rule.id() + "' holds: " + rule.when(),
                                    rule.approval()));
            case Evaluation.Value _ -> Optional.empty();
            case Evaluation.Failed(String reason) ->
                    Optional.of(
                            new PolicyDecision(
                                    Verdict.DENY,
                                    Optional.of(rule.id()),
                                    "rule '" + rule.id() + "' could not be evaluated: " + reason,
                                    Optional.empty()));
        };
    }
}
