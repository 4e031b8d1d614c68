package dev.signalbox.operator;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.evidence.RecordedRun;
import dev.signalbox.domain.evidence.TraceDiff;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.operator.view.DiffView;
import dev.signalbox.operator.view.DiffView.Side;
import dev.signalbox.operator.view.Values;
import dev.signalbox.store.RunStore;
import dev.signalbox.web.RunView;
import dev.signalbox.wire.EventCodec;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Compares runs.
@ApplicationScoped
public class Comparisons {

    private final RunFinder finder;
    private final RunStore runs;

    Comparisons(RunFinder finder, RunStore runs) {
        this.finder = finder;
        this.runs = runs;
    }

    /// The differences between two runs of the caller's tenant.
    public Uni<DiffView> diff(Actor actor, Optional<String> left, Optional<String> right) {
        Access.toRead(actor);
        return Uni.combine()
                .all()
                .unis(recorded(actor, left, "left"), recorded(actor, right, "right"))
                .asTuple()
                .chain(both -> diff(actor, both.getItem1(), both.getItem2()));
    }

    private Uni<RecordedRun> recorded(Actor actor, Optional<String> id, String field) {
        String given =
                id.filter(text -> !text.isBlank())
                        .orElseThrow(
                                () ->
                                        Problem.at(
                                                        ProblemCode.INVALID_REQUEST,
                                                        field,
                                                        "'" + field + "' is missing",
                                                        "the id of a run")
                                                .asException());
        return finder.run(actor, RunFinder.runId(given.strip())).chain(this::recorded);
    }

    private Uni<RecordedRun> recorded(RunSummary run) {
        return finder.journal(run.identity().id(), run.headSeq())
                .map(journal -> EventCodec.recorded(run, journal));
    }

    private Uni<DiffView> diff(Actor actor, RecordedRun left, RecordedRun right) {
        TraceDiff diff = TraceDiff.of(left, right);
        return Uni.combine()
                .all()
                .unis(
                        side(actor, left, DiffView.named(diff, true)),
                        side(actor, right, DiffView.named(diff, false)))
                .asTuple()
                .map(sides -> DiffView.of(diff, sides.getItem1(), sides.getItem2()));
    }

    private Uni<Side> side(Actor actor, RecordedRun run, Set<Digest> named) {
        RunSummary summary = run.summary();
        Set<Digest> wanted = new HashSet<>(named);
        wanted.add(summary.identity().input());
        summary.output().ifPresent(wanted::add);
        return runs.payloads(run.id(), wanted)
                .map(
                        payloads -> {
                            Values values = finder.values(actor, payloads);
                            String self = "/operator/v1/runs/" + run.id();
                            return new Side(
                                    summary,
                                    RunView.of(
                                            summary,
                                            values.byDigest(),
                                            new RunView.Links(self, self + "/journal")),
                                    values);
                        });
    }
}
