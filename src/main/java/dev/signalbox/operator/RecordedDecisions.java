package dev.signalbox.operator;

import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.PolicyDecided;
import dev.signalbox.domain.run.RunEvent.ToolProposed;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.wire.EventCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a policy decided in one run, and how long people took.
///
/// @param waits from each approval's request to its outcome
record RecordedDecisions(List<Decision> decisions, List<Duration> waits) {

    RecordedDecisions {
        decisions = List.copyOf(decisions);
        waits = List.copyOf(waits);
    }

    /// One decision, and the call that it was on.
    record Decision(long seq, Instant at, ToolProposed call, PolicyDecided decided) {}

    /// @param policy its name
    static RecordedDecisions of(List<JournalEntry> journal, String policy) {
        Map<EffectId, ToolProposed> calls = new HashMap<>();
        Map<ApprovalId, Instant> requested = new HashMap<>();
        List<Decision> decisions = new ArrayList<>();
        List<Duration> waits = new ArrayList<>();
        for (JournalEntry entry : journal) {
            Placed placed = EventCodec.placed(entry);
            RunEvent event = placed.event();
            if (event instanceof ToolProposed call) {
                calls.put(call.effectId(), call);
            } else if (event instanceof RunEvent.ApprovalRequested asked) {
                requested.put(asked.approvalId(), entry.at());
            } else if (event instanceof RunEvent.ApprovalResolved resolved) {
                Instant since = requested.get(resolved.approvalId());
                if (since != null) {
                    waits.add(Duration.between(since, entry.at()));
                }
            } else if (event instanceof PolicyDecided decided && decided.policy().equals(policy)) {
                ToolProposed call = calls.get(decided.effectId());
                if (call != null) {
                    decisions.add(new Decision(entry.seq(), entry.at(), call, decided));
                }
            }
        }
        return new RecordedDecisions(decisions, waits);
    }

    /// The values that deciding again needs.
    Set<Digest> values(RunSummary run) {
        return Stream.concat(
                        Stream.of(run.identity().input()),
                        decisions.stream().map(decision -> decision.call().arguments()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /// What becomes of a run without a decision of the policy.
    BacktestTally.OfRun none() {
        return new BacktestTally.OfRun(0, List.of(), waits, 0, 0);
    }
}
