package dev.signalbox.domain.workflow;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.plan.Action;
import dev.signalbox.domain.plan.Allotment;
import dev.signalbox.domain.plan.Allotment.Grant;
import dev.signalbox.domain.plan.CallsPlan;
import dev.signalbox.domain.plan.LimitCheck;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.Progress;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent.ProposedCall;
import dev.signalbox.domain.run.RunState.Running;
import dev.signalbox.domain.run.Steps;
import dev.signalbox.domain.run.Steps.Done;
import dev.signalbox.domain.run.Steps.Open;
import dev.signalbox.domain.run.ToolCall;
import dev.signalbox.domain.run.ToolCall.Status;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.domain.workflow.WorkflowStep.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Decides what comes next in a workflow's run: close the steps whose calls have ended, begin those
/// whose needs are done, put their calls to the policy, send those that may go out, and map the
/// output when nothing is left.
///
/// Guarantees: pure, as every plan. A step begins only after all that it needs is completed or
/// skipped. After a step has failed no other begins; the run fails once it is known what the calls
/// under way did. The cost of a plan does not grow with the number of finished steps.
public final class WorkflowPlanner {

    private WorkflowPlanner() {}

    /// The actions that can be taken now, in order; all of one kind: effects, steps, or one rest.
    ///
    /// @param inFlight effects that this process has sent and that have not come back yet
    public static List<Action> plan(
            PinnedWorkflow workflow, Running run, Set<EffectId> inFlight, Instant now) {
        Progress progress = run.progress();
        Steps steps = progress.steps();
        if (steps.compensating()) {
            return CompensationPlan.plan(workflow, progress, inFlight, now);
        }
        Optional<Action> over = LimitCheck.late(progress, now);
        if (over.isPresent()) {
            return ending(workflow, progress, inFlight, over.get());
        }
        if (steps.output().isPresent()) {
            return List.of(new Action.Complete(steps.output().get()));
        }
        List<Action> ended = ended(workflow, steps, now);
        if (!ended.isEmpty()) {
            return ended;
        }
        if (steps.failed().isPresent()) {
            return ending(workflow, progress, inFlight, failure(steps.failed().get(), ""));
        }
        List<Action> starts =
                progress.paused().isPresent() ? List.of() : starts(workflow.graph(), progress);
        if (!starts.isEmpty()) {
            return starts;
        }
        Allotment budget = Allotment.of(workflow, progress, now);
        List<Action> proposals = proposals(workflow, progress, budget, now);
        if (!proposals.isEmpty()) {
            return proposals;
        }
        if (!steps.open().isEmpty()) {
            return CallsPlan.effects(
                            workflow, progress, inFlight, now, budget)
                    .orElseGet(
                            () ->
                                    List.of(
                                            budget.hold()
                                                    .orElseGet(
                                                            () ->
                                                                    StepWaits.rest(
                                                                            workflow,
                                                                            progress,
                                                                            now))));
        }
        return List.of(
                progress.paused()
                        .map(by -> Action.Rest.paused(by, now))
                        .orElseGet(Action.Conclude::new));
    }

    /// The run is to end: once it is known what its calls did.
    private static List<Action> ending(
            PinnedWorkflow workflow, Progress progress, Set<EffectId> inFlight, Action end) {
        if (!inFlight.isEmpty()) {
            return List.of();
        }
        return List.of(CallsPlan.held(workflow, progress).orElse(end));
    }

    /// How a run ends of which a step has failed.
    static Action failure(Done failed, String afterwards) {
        RunError error = failed.error().orElse(new RunError("step_failed", "It failed."));
        return Action.Rest.fail(
                "step_failed",
                "The step '"
                        + failed.step()
                        + "' failed: "
                        + error.code()
                        + ": "
                        + error.message()
                        + afterwards);
    }

    private static List<Action> ended(PinnedWorkflow workflow, Steps steps, Instant now) {
        List<Action> actions = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (Open step : steps.open().values()) {
            StepTerms terms = workflow.graph().step(step.step()).terms();
            step.call()
                    .flatMap(call -> end(step, call, terms, now))
                    .or(() -> waitOver(workflow, steps, step, taken, now))
                    .or(() -> timedOut(workflow, step, terms, now))
                    .ifPresent(actions::add);
        }
        return actions;
    }

    /// @param taken names of signals that another step takes in this plan
    private static Optional<Action> waitOver(
            PinnedWorkflow workflow, Steps steps, Open step, Set<String> taken, Instant now) {
        return switch (workflow.graph().task(step.step())) {
            case Task.WaitFor _, Task.WaitUntil _, Task.WaitUntilTime _ ->
                    step.timer()
                            .filter(time -> !time.isAfter(now))
                            .map(_ -> new Action.FireTimer(step.step()));
            case Task.WaitForSignal(String name) ->
                    steps.signals().getOrDefault(name, List.of()).stream()
                            .findFirst()
                            .filter(_ -> taken.add(name))
                            .map(message -> new Action.DeliverSignal(step.step(), name, message));
            case Task.CallTool _, Task.RunChild _, Task.Decide _, Task.Check _ ->
                    Optional.empty();
        };
    }

    private static Optional<Action> end(Open step, ToolCall call, StepTerms terms, Instant now) {
        return switch (call.status()) {
            case Status.Succeeded(Digest result) ->
                    Optional.of(new Action.FinishStep(step.step(), result));
            case Status.Refused(String code, String message, var _) ->
                    Optional.of(
                            againOrFailed(
                                    step,
                                    new RunError(code, call.tool() + ": " + message),
                                    terms,
                                    now));
            case Status.Proposed _,
                    Status.Allowed _,
                    Status.AwaitingApproval _,
                    Status.EditRequested _,
                    Status.Superseded _,
                    Status.Delegated _,
                    Status.Started _,
                    Status.RetryDue _,
                    Status.OutcomeUnknown _ ->
                    Optional.empty();
        };
    }

    private static Action againOrFailed(Open step, RunError error, StepTerms terms, Instant now) {
        return terms.retry()
                .flatMap(retry -> retry.after(step.attempt(), error.code()))
                .<Action>map(
                        pause ->
                                new Action.RetryStep(
                                        step.step(), step.attempt() + 1, error, now.plus(pause)))
                .orElseGet(() -> new Action.FailStep(step.step(), error));
    }

    /// A step that has had its time and has no call that may have taken place.
    private static Optional<Action> timedOut(
            PinnedWorkflow workflow, Open step, StepTerms terms, Instant now) {
        return terms.timeout()
                .filter(timeout -> !now.isBefore(step.since().plus(timeout)))
                .filter(
                        _ ->
                                step.call()
                                        .filter(call -> CallsPlan.mayHaveHappened(workflow, call))
                                        .isEmpty())
                .map(
                        timeout ->
                                new Action.FailStep(
                                        step.step(),
                                        new RunError(
                                                "step_timeout",
                                                "It was not done within " + timeout + ".")));
    }

    /// Steps whose needs are done. Usually those that follow what has just ended; the whole graph
    /// is looked at when a run begins, and before it is taken to be at its end.
    private static List<Action> starts(StepGraph graph, Progress progress) {
        Steps steps = progress.steps();
        if (steps.open().isEmpty() && steps.done().size() == 0) {
            return starts(graph, steps, graph.steps().keySet());
        }
        Set<String> near = new LinkedHashSet<>();
        steps.fresh().forEach(ended -> near.addAll(graph.followersOf(ended)));
        List<Action> starts = starts(graph, steps, near);
        boolean stalled =
                starts.isEmpty()
                        && steps.open().isEmpty()
                        && steps.done().size() < graph.steps().size();
        return stalled ? starts(graph, steps, graph.steps().keySet()) : starts;
    }

    private static List<Action> starts(StepGraph graph, Steps steps, Collection<String> among) {
        List<Action> starts = new ArrayList<>();
        for (String id : among) {
            if (!steps.begun(id) && graph.step(id).needs().stream().allMatch(steps::isDone)) {
                starts.add(new Action.StartStep(id));
            }
        }
        return starts;
    }

    /// Calls that what is under way has still to propose.
    static List<Action> proposals(
            PinnedWorkflow workflow, Progress progress, Allotment budget, Instant now) {
        int children = progress.steps().children();
        List<Action> actions = new ArrayList<>();
        int number = progress.proposals();
        for (Open open : progress.steps().open().values()) {
            if (open.call().isEmpty() && open.due(now)) {
                EffectId next = EffectId.toolCall(progress.identity().id(), number + 1);
                Optional<Action> first = first(workflow, open, next, children, budget);
                if (first.isPresent()) {
                    number++;
                    children += first.get() instanceof Action.StartChild ? 1 : 0;
                    actions.add(first.get());
                }
            } else if (open.call().isPresent()
                    && open.call().get().status() instanceof Status.EditRequested(Digest edited)) {
                number++;
                ToolCall call = open.call().get();
                actions.add(
                        new Action.Propose(
                                EffectId.toolCall(progress.identity().id(), number),
                                new ProposedCall(open.step(), call.tool(), edited),
                                Optional.of(call.effectId())));
            }
        }
        return actions;
    }

    private static Optional<Action> first(
            PinnedWorkflow workflow,
            Open open,
            EffectId effect,
            int children,
            Allotment budget) {
        return switch (workflow.graph().task(open.step())) {
            case Task.CallTool(String tool, var _) ->
                    Optional.of(
                            new Action.Propose(
                                    effect,
                                    new ProposedCall(open.step(), tool, open.input()),
                                    Optional.empty()));
            case Task.RunChild _ when children >= workflow.limits().children() ->
                    Optional.of(
                            new Action.FailStep(
                                    open.step(),
                                    new RunError(
                                            LimitCheck.CODE,
                                            "The limit of "
                                                    + workflow.limits().children()
                                                    + " child runs is used up.")));
            case Task.RunChild task ->
                    switch (budget.child(workflow.child(task), false)) {
                        case Grant.Begin(Budget granted) ->
                                Optional.of(new Action.StartChild(open.step(), effect, granted));
                        case Grant.Refuse(RunError error) ->
                                Optional.of(new Action.FailStep(open.step(), error));
                        case Grant.Later() -> Optional.empty();
                    };
            case Task.Decide _ -> Optional.of(new Action.AskApproval(open.step(), effect));
            case Task.WaitFor _,
                    Task.WaitUntil _,
                    Task.WaitUntilTime _,
                    Task.WaitForSignal _,
                    Task.Check _ ->
                    Optional.empty();
        };
    }
}
