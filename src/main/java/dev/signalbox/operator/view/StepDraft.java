package dev.signalbox.operator.view;

import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.operator.view.Step.Problem;
import dev.signalbox.operator.view.Step.StepStatus;
import dev.signalbox.operator.view.Step.WorkflowStep;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A workflow's step, while its events are read. Once it has proposed a call, the call tells it.
final class StepDraft {

    private final String id;
    private final long seq;
    private final Instant startedAt;
    private long lastSeq;
    private StepStatus status = StepStatus.RUNNING;
    private Optional<Instant> finishedAt = Optional.empty();
    private Optional<RunError> error = Optional.empty();
    private Optional<String> note = Optional.empty();
    private @Nullable ToolDraft call;

    StepDraft(Placed placed, String id) {
        this.id = id;
        this.seq = placed.seq();
        this.lastSeq = placed.seq();
        this.startedAt = placed.at();
    }

    String id() {
        return id;
    }

    long seq() {
        return seq;
    }

    /// Whether the step has no call yet; if so, `first` tells it from now on.
    boolean toldBy(ToolDraft first) {
        boolean silent = call == null;
        call = silent ? first : call;
        return silent;
    }

    void note(Placed placed, String words) {
        seen(placed);
        note = Optional.of(words);
    }

    void seen(Placed placed) {
        lastSeq = placed.seq();
    }

    boolean hasCall() {
        return call != null;
    }

    void ended(Placed placed, RunEvent.StepCompleted event) {
        lastSeq = placed.seq();
        finishedAt = Optional.of(placed.at());
        error = event.error();
        status =
                switch (event.outcome()) {
                    case COMPLETED -> StepStatus.COMPLETED;
                    case SKIPPED -> StepStatus.SKIPPED;
                    case FAILED -> StepStatus.FAILED;
                };
    }

    Step step() {
        return call == null
                ? new WorkflowStep(
                        id,
                        seq,
                        lastSeq,
                        startedAt,
                        finishedAt,
                        finishedAt.map(end -> Duration.between(startedAt, end)),
                        status,
                        error.map(what -> new Problem(what.code(), what.message())),
                        note)
                : call.step();
    }
}
