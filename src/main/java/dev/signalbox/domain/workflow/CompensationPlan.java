package dev.signalbox.domain.workflow;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.plan.Action;
import dev.signalbox.domain.plan.Allotment;
import dev.signalbox.domain.plan.CallsPlan;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.Progress;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent.StepOutcome;
import dev.signalbox.domain.run.StepNames;
import dev.signalbox.domain.run.Steps;
import dev.signalbox.domain.run.Steps.Done;
import dev.signalbox.domain.run.Steps.Open;
import dev.signalbox.domain.run.ToolCall;
import dev.signalbox.domain.run.ToolCall.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Undoes what a workflow did: one compensation at a time, that of the step that completed last
/// first, and then the run fails with what went wrong.
///
/// Guarantees: nothing is undone before it is known what every call that was sent did, so what
/// completed late is undone too. A call that has not gone out goes out no more. A compensation is
/// held to no limit of the run; one that fails holds the run, and what it was to undo is not
/// forgotten.
final class CompensationPlan {

    private CompensationPlan() {}

    static List<Action> plan(
            PinnedWorkflow workflow, Progress progress, Set<EffectId> inFlight, Instant now) {
        Steps steps = progress.steps();
        List<Action> settled = settled(workflow, steps);
        if (!settled.isEmpty()) {
            return settled;
        }
        Optional<ToolCall> failed = steps.failedCompensations().stream().findFirst();
        if (failed.isPresent()) {
            return List.of(new Action.HoldRun(hold(failed.get())));
        }
        if (!steps.open().isEmpty()) {
            Allotment any = Allotment.unbounded();
            List<Action> proposals = WorkflowPlanner.proposals(workflow, progress, any, now);
            return proposals.isEmpty()
                    ? CallsPlan.effects(workflow, progress, inFlight, now, any)
                            .orElseGet(() -> List.of(StepWaits.rest(workflow, progress, now)))
                    : proposals;
        }
        Optional<String> next = next(workflow.graph(), steps);
        if (next.isEmpty()) {
            return List.of(
                    WorkflowPlanner.failure(
                            steps.failed().orElseThrow(), " What had completed is undone."));
        }
        return List.of(
                progress.paused()
                        .map(by -> Action.Rest.paused(by, now))
                        .orElseGet(
                                () -> new Action.StartStep(StepNames.compensationOf(next.get()))));
    }

    /// Steps of which it is known what they did, or that have done nothing yet.
    private static List<Action> settled(PinnedWorkflow workflow, Steps steps) {
        List<Action> moves = new ArrayList<>();
        for (Open step : steps.open().values()) {
            boolean undoing = StepNames.compensated(step.step()).isPresent();
            switch (step.call().map(ToolCall::status).orElse(new Status.Proposed())) {
                case Status.Succeeded(Digest result) ->
                        moves.add(new Action.FinishStep(step.step(), result));
                case Status.Refused(String code, String message, var _) when !undoing ->
                        moves.add(new Action.FailStep(step.step(), new RunError(code, message)));
                case Status _ when !undoing && mayNotHaveHappened(workflow, step) ->
                        moves.add(
                                new Action.FailStep(
                                        step.step(),
                                        new RunError(
                                                "abandoned",
                                                "Another step failed before this was done.")));
                case Status _ -> {}
            }
        }
        return moves;
    }

    private static boolean mayNotHaveHappened(PinnedWorkflow workflow, Open step) {
        return step.call()
                .filter(call -> CallsPlan.mayHaveHappened(workflow, call))
                .isEmpty();
    }

    /// The step that completed last, of those that are still to be undone.
    private static Optional<String> next(StepGraph graph, Steps steps) {
        return graph.compensated().stream()
                .flatMap(id -> steps.done().find(id).stream())
                .filter(done -> done.outcome() == StepOutcome.COMPLETED)
                .filter(
                        done ->
                                steps.done()
                                        .find(StepNames.compensationOf(done.step()))
                                        .isEmpty())
                .max(Comparator.comparingInt(Done::number))
                .map(Done::step);
    }

    private static Hold hold(ToolCall failed) {
        String step = StepNames.compensated(failed.callId()).orElseThrow();
        String why =
                failed.status() instanceof Status.Refused(String code, String message, var _)
                        ? code + ": " + message
                        : "it failed";
        return new Hold(
                Hold.Reason.COMPENSATION_FAILED,
                "What the step '"
                        + step
                        + "' did could not be undone: the call of "
                        + failed.tool()
                        + " ("
                        + failed.effectId()
                        + ") ended with "
                        + why
                        + " Releasing the run tries it again; if it was undone by hand, reconcile"
                        + " the call as having happened.",
                Optional.of(failed.effectId()),
                Optional.empty());
    }
}
