package dev.signalbox.runtime.stage;

import dev.signalbox.domain.approval.ApprovalTerms;
import dev.signalbox.domain.branch.BranchPlan.Repeat;
import dev.signalbox.domain.branch.Branching;
import dev.signalbox.domain.branch.EffectChoice;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.plan.Action.Propose;
import dev.signalbox.domain.policy.PolicyDecision;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.Lineage.BranchPoint;
import dev.signalbox.domain.run.RunEvent.EffectReconciled;
import dev.signalbox.domain.run.RunEvent.PolicyDecided;
import dev.signalbox.domain.tool.ToolDefinition;
import java.util.List;
import java.util.Optional;

/// What a branch does differently with a call: what its plan says, and no write that nobody has
/// planned without asking.
final class BranchRules {

    /// Who is asked where the policy asks nobody.
    private static final ApprovalTerms TERMS =
            new ApprovalTerms(
                    List.of("role:operator"),
                    1,
                    false,
                    Optional.empty(),
                    ApprovalTerms.OnExpiry.REJECT);

    private BranchRules() {}

    /// The end of a call that the plan answers, so that nothing is sent.
    static Optional<Draft> told(Work work, Propose action, Repeat repeat) {
        return switch (repeat.choice()) {
            case REUSE, SIMULATE -> Optional.of(answered(work, action, repeat));
            case RERUN, ASK -> Optional.empty();
        };
    }

    private static Draft answered(Work work, Propose action, Repeat repeat) {
        boolean real = repeat.choice() == EffectChoice.REUSE;
        String reason =
                real
                        ? "The result of " + repeat.effectId() + " is used again; nothing is sent."
                        : "The plan of the branch says what comes of it; nothing is sent.";
        Draft draft =
                Draft.of(
                        new PolicyDecided(
                                action.effectId(),
                                Verdict.ALLOW,
                                work.definition().policy().name(),
                                work.definition().policy().digest(),
                                Optional.of(Branching.RULE + (real ? "reuse" : "simulate")),
                                reason,
                                Optional.empty()));
        Digest result =
                draft.keep(
                        repeat.result()
                                .orElseThrow(
                                        () ->
                                                new IllegalStateException(
                                                        "a call that is not made has a result")));
        return draft.add(
                new EffectReconciled(
                        action.effectId(),
                        true,
                        Optional.of(result),
                        work.progress().identity().requestedBy(),
                        reason));
    }

    /// The policy's decision, or a question to people where that only allows.
    static PolicyDecision stricter(
            Work work,
            Propose action,
            ToolDefinition tool,
            Optional<Repeat> repeat,
            PolicyDecision decision) {
        if (decision.verdict() != Verdict.ALLOW) {
            return decision;
        }
        if (repeat.filter(known -> known.choice() == EffectChoice.ASK).isPresent()) {
            return asking("ask", "The plan of the branch asks for an approval.");
        }
        boolean unplanned =
                work.progress()
                                .identity()
                                .lineage()
                                .branchedFrom()
                                .flatMap(BranchPoint::plan)
                                .isPresent()
                        && repeat.isEmpty()
                        && action.replaces().isEmpty()
                        && tool.sideEffect().writes();
        return unplanned
                ? asking("unplanned", "The origin made no such call after the checkpoint.")
                : decision;
    }

    private static PolicyDecision asking(String rule, String reason) {
        return new PolicyDecision(
                Verdict.REQUIRE_APPROVAL,
                Optional.of(Branching.RULE + rule),
                reason,
                Optional.of(TERMS));
    }
}
