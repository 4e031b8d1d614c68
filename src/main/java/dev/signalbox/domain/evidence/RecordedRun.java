package dev.signalbox.domain.evidence;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.domain.run.RunSummary;
import java.util.List;

/// A run with its whole journal.
public record RecordedRun(RunSummary summary, List<Recorded> journal) {

    /// An event, and the hash of its entry.
    public record Recorded(Placed placed, Digest hash) {}

    public RecordedRun {
        journal = List.copyOf(journal);
    }

    public RunId id() {
        return summary.identity().id();
    }

    public List<Placed> history() {
        return journal.stream().map(Recorded::placed).toList();
    }

    Evidence evidence(Recorded entry) {
        return new Evidence(id(), entry.placed().seq(), entry.hash());
    }
}
