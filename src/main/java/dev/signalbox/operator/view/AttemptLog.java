package dev.signalbox.operator.view;

import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.operator.view.Step.Attempt;
import dev.signalbox.operator.view.Step.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The tries of one effect, while its events are read.
final class AttemptLog {

    private static final String RUNNING = "running";

    private final List<Attempt> attempts = new ArrayList<>();

    void begin(Placed placed, int number) {
        end(placed, "interrupted", Optional.empty(), Optional.empty());
        attempts.add(
                new Attempt(
                        number,
                        placed.at(),
                        Optional.empty(),
                        RUNNING,
                        Optional.empty(),
                        Optional.empty()));
    }

    void succeeded(Placed placed) {
        end(placed, "succeeded", Optional.empty(), Optional.empty());
    }

    void failed(Placed placed, String outcome, Problem problem, Optional<Instant> retryAt) {
        end(placed, outcome, Optional.of(problem), retryAt);
    }

    List<Attempt> all() {
        return List.copyOf(attempts);
    }

    private void end(
            Placed placed, String outcome, Optional<Problem> problem, Optional<Instant> retryAt) {
        if (attempts.isEmpty() || !attempts.getLast().outcome().equals(RUNNING)) {
            return;
        }
        Attempt last = attempts.removeLast();
        attempts.add(
                new Attempt(
                        last.number(),
                        last.startedAt(),
                        Optional.of(placed.at()),
                        outcome,
                        problem,
                        retryAt));
    }
}
