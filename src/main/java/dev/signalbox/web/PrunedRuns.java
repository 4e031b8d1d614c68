package dev.signalbox.web;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.retention.Tombstone;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.Retention;
import dev.signalbox.store.RunStore;
import dev.signalbox.wire.RecordCodec;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/// Runs of a tenant: there, gone with a tombstone, or unknown.
@ApplicationScoped
public class PrunedRuns {

    private final RunStore runs;
    private final Retention retention;

    public PrunedRuns(RunStore runs, Retention retention) {
        this.runs = runs;
        this.retention = retention;
    }

    /// The tenant's run of that id; fails with `run_pruned` if its tombstone is all that is left of
    /// it, and with `not_found` for every other id.
    public Uni<RunSummary> find(RunId id, String tenant) {
        return runs.find(id)
                .map(found -> found.filter(run -> run.identity().tenant().equals(tenant)))
                .flatMap(
                        found ->
                                found.map(run -> Uni.createFrom().item(run))
                                        .orElseGet(() -> missing(id, tenant)));
    }

    private Uni<RunSummary> missing(RunId id, String tenant) {
        return retention
                .tombstone(id)
                .map(stone -> stone.filter(found -> found.tenant().equals(tenant)))
                .map(
                        stone -> {
                            throw stone.map(PrunedRuns::pruned).orElseGet(PrunedRuns::unknown);
                        });
    }

    private static ProblemException unknown() {
        return ProblemException.of(ProblemCode.NOT_FOUND, "There is no such run.");
    }

    /// That the run is gone, with its tombstone.
    public static ProblemException pruned(Tombstone stone) {
        return new Problem(
                        ProblemCode.RUN_PRUNED,
                        "The run was removed at "
                                + stone.prunedAt()
                                + ", as is said of runs of "
                                + stone.rule().definition()
                                + " that have ended for so long.",
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        Optional.of(RecordCodec.encode(TombstoneView.of(stone))))
                .asException();
    }
}
