package dev.signalbox.runtime.stage;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.run.RunEvent.SignalDelivered;
import dev.signalbox.domain.run.RunEvent.TimerFired;
import dev.signalbox.domain.run.RunEvent.TimerSet;
import dev.signalbox.store.StoreClock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import dev.signalbox.domain.plan.Action;
import dev.signalbox.domain.plan.Action.StepMove;
import dev.signalbox.domain.policy.Expressions;
import dev.signalbox.domain.policy.Expressions.Evaluation;
import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.plan.CallsPlan;
import dev.signalbox.domain.run.Budget;
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

    private static final Evaluation NOTHING = new Evaluation.Value(JsonObject.EMPTY);

    private final Expressions expressions;
    private final ApprovalStage approvals;
    private final ChildStage children;
    private final StoreClock clock;

    public StepStage(
            Expressions expressions,
            ApprovalStage approvals,
            ChildStage children,
            StoreClock clock) {
        this.expressions = expressions;
        this.approvals = approvals;
        this.children = children;
        this.clock = clock;
    }

    public Draft move(Work work, StepMove move) {
        return switch (move) {
            case Action.StartStep(String name) ->
                    StepNames.compensated(name)
                            .map(id -> compensate(work, name, id))
                            .orElseGet(() -> start(work, work.workflow().graph().step(name)));
            case Action.FinishStep(String id, Digest output) -> Draft.of(completed(id, output));
            case Action.FailStep(String id, RunError error) -> failed(work, id, error);
            case Action.RetryStep(String id, int attempt, RunError error, Instant at) ->
                    Draft.of(new StepRetried(id, attempt, error, at));
            case Action.FireTimer(String id) -> fired(id);
            case Action.DeliverSignal(String id, String name, Digest message) ->
                    Draft.of(
                            new SignalDelivered(id, name, message),
                            completed(id, message));
            case Action.StartChild(String id, EffectId effect, Budget budget) ->
                    children.start(work, id, effect, budget);
            case Action.AskApproval(String id, EffectId effect) ->
                    approvals.ask(work, id, effect);
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
            case Evaluation.Value(Json input) -> begin(work, step, input);
        };
    }

    /// What a task's expression comes to.
    private Evaluation evaluated(Work work, Task task) {
        return switch (task) {
            case Task.CallTool(var _, Optional<StepExpression> input) -> input(work, input);
            case Task.RunChild(var _, var _, var _, Optional<StepExpression> input) ->
                    input(work, input);
            case Task.Decide(var _, var _, Optional<StepExpression> input) -> input(work, input);
            case Task.WaitUntilTime(StepExpression time) -> evaluate(work, time);
            case Task.Check(StepExpression condition) -> evaluate(work, condition);
            case Task.WaitFor _, Task.WaitUntil _, Task.WaitForSignal _ -> NOTHING;
        };
    }

    private Evaluation input(Work work, Optional<StepExpression> input) {
        return input.map(expression -> evaluate(work, expression)).orElse(NOTHING);
    }

    private Draft begin(Work work, WorkflowStep step, Json value) {
        return switch (step.task()) {
            case Task.CallTool _, Task.Decide _, Task.WaitForSignal _ -> begin(step.id(), value);
            case Task.RunChild task ->
                    children.refused(work.workflow().child(task), value)
                            .map(
                                    why ->
                                            failed(
                                                    work,
                                                    step.id(),
                                                    new RunError("invalid_input", why)))
                            .orElseGet(() -> begin(step.id(), value));
            case Task.WaitFor(Duration duration) ->
                    timer(step.id(), value, clock.instant().plus(duration));
            case Task.WaitUntil(Instant time) -> timer(step.id(), value, time);
            case Task.WaitUntilTime _ ->
                    time(value)
                            .map(time -> timer(step.id(), value, time))
                            .orElseGet(
                                    () ->
                                            failed(
                                                    work,
                                                    step.id(),
                                                    new RunError(
                                                            "input_failed",
                                                            "wait.until: not a time as RFC 3339"
                                                                    + " writes it")));
            case Task.Check(StepExpression condition) -> checked(work, step, condition, value);
        };
    }

    private Draft checked(
            Work work, WorkflowStep step, StepExpression condition, Json value) {
        if (!value.equals(new JsonBool(true))) {
            return failed(
                    work,
                    step.id(),
                    new RunError(
                            "verification_failed", "This does not hold: " + condition.expression()));
        }
        Draft draft = begin(step.id(), JsonObject.EMPTY);
        return draft.add(completed(step.id(), draft.keep(value)));
    }

    private static Draft timer(String step, Json value, Instant at) {
        return begin(step, value).add(new TimerSet(StepNames.timerOf(step), at));
    }

    private Draft fired(String step) {
        Draft draft = Draft.of(new TimerFired(StepNames.timerOf(step)));
        Json output = Json.of(Map.of("at", clock.instant().toString()));
        return draft.add(completed(step, draft.keep(output)));
    }

    private static Optional<Instant> time(Json value) {
        try {
            return value instanceof JsonText(String text)
                    ? Optional.of(OffsetDateTime.parse(text).toInstant())
                    : Optional.empty();
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    private static StepCompleted completed(String step, Digest output) {
        return new StepCompleted(
                step, StepOutcome.COMPLETED, Optional.of(output), Optional.empty());
    }

    private static Draft begin(String name, Json input) {
        Draft draft = new Draft();
        return draft.add(new StepStarted(name, draft.keep(input)));
    }

    /// A step ends for good. An approval that its call waits for is of no use any more, nor is a
    /// child run.
    private Draft failed(Work work, String step, RunError error) {
        Draft draft =
                Draft.of(
                        new StepCompleted(
                                step,
                                StepOutcome.FAILED,
                                Optional.empty(),
                                Optional.of(error),
                                consequence(work, step)));
        Optional.ofNullable(work.progress().steps().open().get(step))
                .flatMap(Steps.Open::call)
                .flatMap(CallsPlan::approvalOf)
                .ifPresent(approval -> draft.close(approval, Approval.Status.WITHDRAWN));
        return draft.append(
                children.cancel(
                        work.progress(),
                        Optional.ofNullable(work.progress().steps().open().get(step))
                                .flatMap(Steps.Open::call)
                                .stream(),
                        "The step '" + step + "' of the parent run has ended."));
    }

    /// What the failure of a step leads to; empty if it fails the run.
    static Optional<StepFailure> consequence(Work work, String step) {
        return Optional.of(work.workflow().graph().step(step).terms().onFailure())
                .filter(what -> what != StepFailure.FAIL);
    }

    private Evaluation evaluate(Work work, StepExpression expression) {
        return expressions.evaluate(expression.expression(), StepScope.of(work, expression));
    }
}
