package dev.signalbox.operator;

import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.operator.view.BacktestReport;
import dev.signalbox.operator.view.BacktestReport.Change;
import dev.signalbox.operator.view.BacktestReport.Count;
import dev.signalbox.operator.view.BacktestReport.Flip;
import dev.signalbox.operator.view.BacktestReport.Unjudged;
import dev.signalbox.operator.view.BacktestReport.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Counts what a backtest finds. Used by one backtest, one run after the other.
final class BacktestTally {

    /// Most flips that are told one by one.
    static final int MOST_EXAMPLES = 20;

    private record Turn(Verdict from, Verdict to) {}

    private final Map<Turn, Integer> changes =
            new TreeMap<>(Comparator.comparing(Turn::from).thenComparing(Turn::to));
    private final Map<String, Integer> byRule = new TreeMap<>();
    private final Map<String, Integer> byTool = new TreeMap<>();
    private final Map<String, Integer> byDefinition = new TreeMap<>();
    private final List<Flip> examples = new ArrayList<>();
    private final List<Duration> waits = new ArrayList<>();
    private int runs;
    private int decisions;
    private int erased;
    private int unknownTool;

    /// What became of one run's decisions.
    ///
    /// @param same how many came out as they were
    /// @param waits how long its approvals waited
    record OfRun(
            int same, List<Flip> flips, List<Duration> waits, int erased, int unknownTool) {
        OfRun {
            flips = List.copyOf(flips);
            waits = List.copyOf(waits);
        }
    }

    void add(OfRun run) {
        runs++;
        decisions += run.same() + run.flips().size();
        erased += run.erased();
        unknownTool += run.unknownTool();
        waits.addAll(run.waits());
        run.flips().forEach(this::add);
    }

    private void add(Flip flip) {
        changes.merge(new Turn(flip.from(), flip.to()), 1, Integer::sum);
        byRule.merge(flip.ruleNow().orElse("lists and default"), 1, Integer::sum);
        byTool.merge(flip.tool(), 1, Integer::sum);
        byDefinition.merge(flip.definition(), 1, Integer::sum);
        if (examples.size() < MOST_EXAMPLES) {
            examples.add(flip);
        }
    }

    int runs() {
        return runs;
    }

    BacktestReport report(PolicyDefinition policy, String against, boolean atLeast) {
        return new BacktestReport(
                policy.name(),
                policy.digest(),
                against,
                runs,
                atLeast,
                decisions,
                changes.values().stream().mapToInt(count -> count).sum(),
                changes.entrySet().stream()
                        .map(
                                change ->
                                        new Change(
                                                change.getKey().from(),
                                                change.getKey().to(),
                                                change.getValue()))
                        .toList(),
                counts(byRule),
                counts(byTool),
                counts(byDefinition),
                examples,
                waiting(),
                new Unjudged(erased, unknownTool));
    }

    private Waiting waiting() {
        int more = 0;
        int fewer = 0;
        for (Map.Entry<Turn, Integer> change : changes.entrySet()) {
            more += change.getKey().to() == Verdict.REQUIRE_APPROVAL ? change.getValue() : 0;
            fewer += change.getKey().from() == Verdict.REQUIRE_APPROVAL ? change.getValue() : 0;
        }
        int net = more - fewer;
        Optional<Duration> median =
                waits.isEmpty()
                        ? Optional.empty()
                        : Optional.of(waits.stream().sorted().toList().get(waits.size() / 2));
        return new Waiting(more, fewer, median, median.map(wait -> wait.multipliedBy(net)));
    }

    private static List<Count> counts(Map<String, Integer> counted) {
        return counted.entrySet().stream()
                .map(one -> new Count(one.getKey(), one.getValue()))
                .sorted(Comparator.comparingInt(Count::count).reversed())
                .toList();
    }
}
