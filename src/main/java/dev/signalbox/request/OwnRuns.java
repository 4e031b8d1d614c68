package dev.signalbox.request;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.web.PrunedRuns;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/// The runs that a caller may know of: those of its own tenant. Any other does not exist.
@ApplicationScoped
class OwnRuns {

    private final PrunedRuns runs;

    OwnRuns(PrunedRuns runs) {
        this.runs = runs;
    }

    /// The run of that id; fails with `not_found`, for a text that is no id too, and with
    /// `run_pruned` if it is gone by now.
    Uni<RunSummary> find(String id, String tenant) {
        return Uni.createFrom().item(() -> parse(id)).chain(run -> runs.find(run, tenant));
    }

    private static RunId parse(String id) {
        try {
            return RunId.of(id);
        } catch (IllegalArgumentException _) {
            throw unknown();
        }
    }

    private static ProblemException unknown() {
        return ProblemException.of(ProblemCode.NOT_FOUND, "there is no such run");
    }
}
