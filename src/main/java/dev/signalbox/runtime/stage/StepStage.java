package dev.signalbox.runtime.stage;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.plan.Action;
import dev.signalbox.domain.plan.Action.StepMove;
import dev.signalbox.domain.policy.Expressions;
import dev.signalbox.domain.policy.Expressions.Evaluation;
import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.plan.CallsPlan;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.RunEvent.RunHeld;
import dev.signalbox.domain.run.RunEvent.StepFailure;
import dev.signalbox.domain.run.RunEvent.StepRetried;
import dev.signalbox.domain.run.StepNames;
import dev.signalbox.domain.run.Steps;
import dev.signalbox.domain.run.RunError;
import java.time.Instant;
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
            case Action.StartStep(String name) ->
                    StepNames.compensated(name)
                            .map(id -> compensate(work, name, id))
                            .orElseGet(() -> start(work, work.workflow().graph().step(name)));
            case Action.FinishStep(String id, var output) ->
                    Draft.of(
                            new StepCompleted(
                                    id,
                                    StepOutcome.COMPLETED,
                                    Optional.of(output),
                                    Optional.empty()));
            case Action.FailStep(String id, RunError error) -> failed(work, id, error);
            case Action.RetryStep(String id, int attempt, RunError error, Instant at) ->
                    Draft.of(new StepRetried(id, attempt, error, at));
        };
    }

    /// A compensation whose input cannot be evaluated holds the run, like any that fails.
    private Draft compensate(Work work, String name, String step) {
        return switch (evaluated(work, work.workflow().graph().task(name))) {
            case Evaluation.Value(Json input) -> begin(name, input);
            case Evaluation.Failed(String reason) ->
                    Draft.of(
                            new RunHeld(
                                    new Hold(
                                            Hold.Reason.COMPENSATION_FAILED,
                                            "What the step '"
                                                    + step
                                                    + "' did could not be undone:"
                                                    + " compensate.input: "
                                                    + reason
                                                    + " Releasing the run tries it again.",
                                            Optional.empty(),
                                            Optional.empty()),
                                    Optional.empty()));
        };
    }

    private Draft start(Work work, WorkflowStep step) {
        if (step.when().isPresent()) {
            switch (evaluate(work, step.when().get())) {
                case Evaluation.Failed(String reason) -> {
                    return failed(work, step.id(), new RunError("condition_failed", "when: " + reason));
                }
                case Evaluation.Value(Json value) when !(value instanceof JsonBool) -> {
                    return failed(
                            work,
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
        return switch (evaluated(work, step.task())) {
            case Evaluation.Failed(String reason) ->
                    failed(work, step.id(), new RunError("input_failed", "input: " + reason));
            case Evaluation.Value(Json input) -> begin(step.id(), input);
        };
    }

    private Evaluation evaluated(Work work, Task task) {
        return switch (task) {
            case Task.CallTool(var _, Optional<StepExpression> input) ->
                    input.map(expression -> evaluate(work, expression))
                            .orElse(new Evaluation.Value(JsonObject.EMPTY));
        };
    }

    private static Draft begin(String name, Json input) {
        Draft draft = new Draft();
        return draft.add(new StepStarted(name, draft.keep(input)));
    }

    /// A step ends for good. An approval that its call waits for is of no use any more.
    private static Draft failed(Work work, String step, RunError error) {
        StepFailure then = work.workflow().graph().step(step).terms().onFailure();
        Draft draft =
                Draft.of(
                        new StepCompleted(
                                step,
                                StepOutcome.FAILED,
                                Optional.empty(),
                                Optional.of(error),
                                Optional.of(then).filter(what -> what != StepFailure.FAIL)));
        Optional.ofNullable(work.progress().steps().open().get(step))
                .flatMap(Steps.Open::call)
                .flatMap(CallsPlan::approvalOf)
                .ifPresent(approval -> draft.close(approval, Approval.Status.WITHDRAWN));
        return draft;
    }

    private Evaluation evaluate(Work work, StepExpression expression) {
        return expressions.evaluate(expression.expression(), StepScope.of(work, expression));
    }
}
