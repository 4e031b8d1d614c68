package dev.signalbox.runtime.stage;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.plan.Action;
import dev.signalbox.domain.plan.Action.StepMove;
import dev.signalbox.domain.policy.Expressions;
import dev.signalbox.domain.policy.Expressions.Evaluation;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent.StepCompleted;
import dev.signalbox.domain.run.RunEvent.StepOutcome;
import dev.signalbox.domain.run.RunEvent.StepStarted;
import dev.signalbox.domain.workflow.StepExpression;
import dev.signalbox.domain.workflow.WorkflowStep;
import dev.signalbox.domain.workflow.WorkflowStep.Task;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Begins and ends the steps of a workflow.
///
/// Guarantee: what an expression came to is in the journal (a step's input by digest, a condition
/// that did not hold as `skipped`), so that a replay evaluates nothing. An expression that cannot be
/// evaluated fails its step.
@ApplicationScoped
public class StepStage {

    private final Expressions expressions;

    public StepStage(Expressions expressions) {
        this.expressions = expressions;
    }

    public Draft move(Work work, StepMove move) {
        return switch (move) {
            case Action.StartStep(String id) -> start(work, work.workflow().graph().step(id));
            case Action.FinishStep(String id, var output) ->
                    Draft.of(
                            new StepCompleted(
                                    id,
                                    StepOutcome.COMPLETED,
                                    Optional.of(output),
                                    Optional.empty()));
            case Action.FailStep(String id, RunError error) -> failed(id, error);
        };
    }

    private Draft start(Work work, WorkflowStep step) {
        if (step.when().isPresent()) {
            switch (evaluate(work, step.when().get())) {
                case Evaluation.Failed(String reason) -> {
                    return failed(step.id(), new RunError("condition_failed", "when: " + reason));
                }
                case Evaluation.Value(Json value) when !(value instanceof JsonBool) -> {
                    return failed(
                            step.id(),
                            new RunError("condition_failed", "when: neither true nor false"));
                }
                case Evaluation.Value value when !value.isTrue() -> {
                    return Draft.of(
                            new StepCompleted(
                                    step.id(),
                                    StepOutcome.SKIPPED,
                                    Optional.empty(),
                                    Optional.empty()));
                }
                case Evaluation.Value _ -> {}
            }
        }
        return switch (step.task()) {
            case Task.CallTool(var _, Optional<StepExpression> input) ->
                    begin(
                            step.id(),
                            input.map(expression -> evaluate(work, expression))
                                    .orElse(new Evaluation.Value(JsonObject.EMPTY)));
        };
    }

    private static Draft begin(String step, Evaluation input) {
        return switch (input) {
            case Evaluation.Failed(String reason) ->
                    failed(step, new RunError("input_failed", "input: " + reason));
            case Evaluation.Value(Json value) -> {
                Draft draft = new Draft();
                yield draft.add(new StepStarted(step, draft.keep(value)));
            }
        };
    }

    private static Draft failed(String step, RunError error) {
        return Draft.of(
                new StepCompleted(
                        step, StepOutcome.FAILED, Optional.empty(), Optional.of(error)));
    }

    private Evaluation evaluate(Work work, StepExpression expression) {
        return expressions.evaluate(expression.expression(), StepScope.of(work, expression));
    }
}
