package dev.signalbox.domain.workflow;

import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.plan.Action;
import dev.signalbox.domain.plan.CallsPlan;
import dev.signalbox.domain.run.Progress;
import dev.signalbox.domain.run.StepNames;
import dev.signalbox.domain.run.Steps.Open;
import dev.signalbox.domain.run.ToolCall;
import dev.signalbox.domain.run.ToolCall.Status;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.domain.workflow.WorkflowStep.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a workflow's run waits for when nothing can be done about its steps, in one sentence, and
/// when it goes on by itself.
final class StepWaits {

    private StepWaits() {}

    /// What one step waits for: what needs a person comes before what does not.
    private record Wait(WaitingOn.Kind kind, String detail, Optional<ApprovalId> approval) {
        int rank() {
            return switch (kind) {
                case APPROVAL -> 0;
                case SIGNAL -> 1;
                case OPERATOR, WORKER -> 2;
                case CHILD -> 3;
                case TIMER -> 4;
            };
        }
    }

    static Action rest(PinnedWorkflow workflow, Progress progress, Instant now) {
        List<Wait> waits = new ArrayList<>();
        List<Instant> times = new ArrayList<>();
        for (Open step : progress.steps().open().values()) {
            waits.add(wait(workflow, step));
            times(workflow, step).filter(time -> time.isAfter(now)).forEach(times::add);
        }
        Wait first = waits.stream().min(Comparator.comparingInt(Wait::rank)).orElseThrow();
        String others = waits.size() == 1 ? "" : " " + (waits.size() - 1) + " more wait besides.";
        return new Action.Park(
                new WaitingOn(
                        first.kind(),
                        now,
                        first.detail() + others,
                        first.approval(),
                        times.stream().min(Comparator.naturalOrder())));
    }

    private static Wait wait(PinnedWorkflow workflow, Open step) {
        return switch (workflow.graph().task(step.step())) {
            case Task.CallTool _, Task.Check _ -> call(step);
            case Task.WaitFor _, Task.WaitUntil _, Task.WaitUntilTime _ ->
                    new Wait(
                            WaitingOn.Kind.TIMER,
                            "The step '" + step.step() + "' waits" + until(step.timer()),
                            Optional.empty());
            case Task.WaitForSignal(String name) ->
                    new Wait(
                            WaitingOn.Kind.SIGNAL,
                            "The step '"
                                    + step.step()
                                    + "' waits for the signal '"
                                    + name
                                    + "'"
                                    + until(timeout(workflow, step)),
                            Optional.empty());
            case Task _ when isDelegated(step) ->
                    new Wait(
                            WaitingOn.Kind.CHILD,
                            "The step '" + step.step() + "' waits for its child run" + child(step),
                            Optional.empty());
            case Task.RunChild _ when step.call().isEmpty() && step.notBefore().isEmpty() ->
                    new Wait(
                            WaitingOn.Kind.CHILD,
                            "The step '" + step.step() + "' waits for child runs to end: what it"
                                + " needs is reserved for them.",
                            Optional.empty());
            case Task.RunChild _ -> call(step);
            case Task.Decide _ ->
                    new Wait(
                            WaitingOn.Kind.APPROVAL,
                            "The step '" + step.step() + "' waits for people to decide.",
                            step.call().flatMap(CallsPlan::approvalOf));
        };
    }

    private static String until(Optional<Instant> time) {
        return time.map(when -> " until " + when + ".").orElse(".");
    }

    private static boolean isDelegated(Open step) {
        return step.call().filter(call -> call.status() instanceof Status.Delegated).isPresent();
    }

    private static String child(Open step) {
        return step.call().map(ToolCall::status).orElseThrow() instanceof Status.Delegated(var id)
                ? " " + id + "."
                : ".";
    }

    private static Wait call(Open step) {
        Optional<ToolCall> waiting =
                step.call().filter(call -> call.status() instanceof Status.AwaitingApproval);
        if (waiting.isPresent()) {
            return new Wait(
                    WaitingOn.Kind.APPROVAL,
                    "The call of "
                            + waiting.get().tool()
                            + " waits for a person to approve it.",
                    CallsPlan.approvalOf(waiting.get()));
        }
        if (step.call().filter(call -> call.status() instanceof Status.Allowed).isPresent()) {
            return new Wait(
                    WaitingOn.Kind.CHILD,
                    "The call of "
                            + step.call().get().tool()
                            + " waits for child runs to end: what it needs is reserved for them.",
                    Optional.empty());
        }
        if (step.call().isPresent()) {
            return new Wait(
                    WaitingOn.Kind.TIMER,
                    "A tool could not be reached; it is called again"
                            + at(step.call().stream().flatMap(CallsPlan::nextTime).findFirst()),
                    Optional.empty());
        }
        return new Wait(
                WaitingOn.Kind.TIMER,
                "The step '" + step.step() + "' failed; it is tried again" + at(step.notBefore()),
                Optional.empty());
    }

    private static String at(Optional<Instant> time) {
        return time.map(when -> " at " + when + ".").orElse(" at the next occasion.");
    }

    private static Stream<Instant> times(PinnedWorkflow workflow, Open step) {
        return Stream.of(
                        step.call().stream().flatMap(CallsPlan::nextTime),
                        step.call().isEmpty()
                                ? step.notBefore().stream()
                                : Stream.<Instant>empty(),
                        step.timer().stream(),
                        timeout(workflow, step).stream())
                .flatMap(times -> times);
    }

    private static Optional<Instant> timeout(PinnedWorkflow workflow, Open step) {
        return StepNames.compensated(step.step()).isPresent()
                ? Optional.empty()
                : workflow.graph()
                        .step(step.step())
                        .terms()
                        .timeout()
                        .map(step.since()::plus);
    }
}
