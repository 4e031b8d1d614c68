package dev.signalbox.operator.view;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.operator.view.Step.ModelStatus;
import dev.signalbox.operator.view.Step.ModelTurn;
import dev.signalbox.operator.view.Step.Problem;
import dev.signalbox.operator.view.Step.Proposal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A model's turn, while its events are read.
final class ModelDraft {

    private RunEvent.ModelRequested request;
    private final long seq;
    private final Instant startedAt;
    private final int number;
    private final Values values;
    private final AttemptLog attempts = new AttemptLog();
    private long lastSeq;
    private Optional<Instant> finishedAt = Optional.empty();
    private ModelStatus status = ModelStatus.RUNNING;
    private Optional<RunEvent.ModelCompleted> answer = Optional.empty();

    ModelDraft(Placed placed, RunEvent.ModelRequested request, int number, Values values) {
        this.request = request;
        this.seq = placed.seq();
        this.lastSeq = placed.seq();
        this.startedAt = placed.at();
        this.number = number;
        this.values = values;
    }

    void requested(Placed placed, RunEvent.ModelRequested again) {
        request = again;
        lastSeq = placed.seq();
        status = ModelStatus.RUNNING;
        attempts.begin(placed, again.attempt());
    }

    void completed(Placed placed, RunEvent.ModelCompleted completed) {
        lastSeq = placed.seq();
        finishedAt = Optional.of(placed.at());
        status = ModelStatus.COMPLETED;
        answer = Optional.of(completed);
        attempts.succeeded(placed);
    }

    void failed(Placed placed, RunEvent.ModelFailed failed) {
        lastSeq = placed.seq();
        boolean again = failed.retryAt().isPresent();
        status = again ? ModelStatus.RETRY_DUE : ModelStatus.FAILED;
        finishedAt = again ? Optional.empty() : Optional.of(placed.at());
        attempts.failed(
                placed,
                failed.fallback().isPresent() ? "fallback" : again ? "retryable" : "permanent",
                new Problem(failed.code(), failed.detail()),
                failed.retryAt());
    }

    ModelTurn step() {
        Optional<Json> text = answer.flatMap(RunEvent.ModelCompleted::text).flatMap(values::get);
        return new ModelTurn(
                request.effectId(),
                seq,
                lastSeq,
                startedAt,
                finishedAt,
                finishedAt.map(end -> Duration.between(startedAt, end)),
                status,
                number,
                request.provider(),
                answer.map(RunEvent.ModelCompleted::model).orElse(request.model()),
                answer.map(RunEvent.ModelCompleted::offline)
                        .orElse(request.provider().equals("scripted")),
                text,
                answer.map(this::proposals).orElse(List.of()),
                answer.map(RunEvent.ModelCompleted::usage),
                answer.flatMap(RunEvent.ModelCompleted::costUsd),
                answer.map(RunEvent.ModelCompleted::finishReason),
                attempts.all());
    }

    private List<Proposal> proposals(RunEvent.ModelCompleted completed) {
        return completed.calls().stream()
                .map(call -> new Proposal(call.callId(), call.tool(), values.get(call.arguments())))
                .toList();
    }
}
