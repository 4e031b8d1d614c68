package dev.signalbox.operator;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.plan.PolicyFacts;
import dev.signalbox.domain.policy.PolicyDecision;
import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.policy.PolicyEvaluator;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.operator.RecordedDecisions.Decision;
import dev.signalbox.operator.view.BacktestReport.Flip;
import dev.signalbox.operator.view.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Decides again what was decided in one run. Pure.
///
/// @param pinned the run's definition; empty if it cannot be read
/// @param payloads the run's values that are still there, as they are
record Judgement(
        RunIdentity run, Optional<PinnedDefinition> pinned, Map<Digest, Json> payloads) {

    Judgement {
        payloads = Map.copyOf(payloads);
    }

    /// @param shown the values as whoever asks may see them
    BacktestTally.OfRun of(
            RecordedDecisions recorded,
            PolicyEvaluator evaluator,
            PolicyDefinition policy,
            Values shown) {
        List<Flip> flips = new ArrayList<>();
        int same = 0;
        int erased = 0;
        int unknown = 0;
        Json input = payloads.get(run.input());
        for (Decision decision : recorded.decisions()) {
            Optional<ToolDefinition> tool =
                    pinned.flatMap(definition -> definition.tool(decision.call().tool()));
            Json arguments = payloads.get(decision.call().arguments());
            if (tool.isEmpty()) {
                unknown++;
            } else if (arguments == null || input == null) {
                erased++;
            } else {
                PolicyDecision now =
                        evaluator.evaluate(
                                policy,
                                tool.get().name(),
                                PolicyFacts.of(run, tool.get(), arguments, input));
                if (now.verdict() == decision.decided().verdict()) {
                    same++;
                } else {
                    flips.add(flip(decision, now, shown));
                }
            }
        }
        return new BacktestTally.OfRun(same, flips, recorded.waits(), erased, unknown);
    }

    private Flip flip(Decision decision, PolicyDecision now, Values shown) {
        return new Flip(
                run.id(),
                decision.seq(),
                decision.at(),
                run.definition().name() + " " + run.definition().version(),
                decision.call().tool(),
                shown.get(decision.call().arguments()),
                decision.decided().verdict(),
                now.verdict(),
                decision.decided().ruleId(),
                now.ruleId(),
                now.reason());
    }
}
