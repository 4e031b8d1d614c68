package dev.signalbox.domain.agent;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.plan.Action;
import dev.signalbox.domain.plan.Allotment;
import dev.signalbox.domain.plan.CallsPlan;
import dev.signalbox.domain.plan.LimitCheck;
import dev.signalbox.domain.run.ModelChoice;
import dev.signalbox.domain.run.Progress;
import dev.signalbox.domain.run.RunEvent.ProposedCall;
import dev.signalbox.domain.run.RunState.Running;
import dev.signalbox.domain.run.ToolCall;
import dev.signalbox.domain.run.ToolCall.Status;
import dev.signalbox.domain.run.Turn;
import dev.signalbox.domain.run.Turn.ModelCall;
import dev.signalbox.domain.run.WaitingOn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Decides what comes next in an agent's run: ask the model, put its calls to the policy, send
/// those that may go out, verify the answer, rest.
///
/// Guarantee: pure. The same definition, state, effects in flight and time give the same actions,
/// today and at replay. The result is empty only while effects in flight have to come back first.
public final class AgentPlanner {

    private AgentPlanner() {}

    /// The actions that can be taken now, in order; all of one kind: effects, steps, or one rest.
    ///
    /// @param inFlight effects that this process has sent and that have not come back yet
    public static List<Action> plan(
            PinnedAgent agent, Running run, Set<EffectId> inFlight, Instant now) {
        Progress progress = run.progress();
        Optional<Action> end =
                inFlight.isEmpty() && outcomesKnown(progress)
                        ? LimitCheck.late(progress, now)
                        : Optional.empty();
        if (end.isPresent()) {
            return List.of(end.get());
        }
        if (progress.turn().isEmpty()) {
            return inFlight.isEmpty() ? nextModelCall(agent, progress, now) : List.of();
        }
        Turn turn = progress.turn().get();
        return switch (turn.model()) {
            case ModelCall.Requested(int attempt, ModelChoice choice) ->
                    inFlight.contains(turn.modelCall())
                            ? List.of()
                            : List.of(new Action.CallModel(turn.modelCall(), attempt, choice));
            case ModelCall.RetryDue(
                            int attempts,
                            Instant at,
                            String detail,
                            ModelChoice choice) ->
                    at.isAfter(now)
                            ? List.of(
                                    Action.Rest.park(
                                            WaitingOn.Kind.TIMER,
                                            now,
                                            Optional.of(at),
                                            "The model did not answer ("
                                                    + detail
                                                    + "); it is asked again at "
                                                    + at
                                                    + "."))
                            : List.of(new Action.CallModel(turn.modelCall(), attempts + 1, choice));
            case ModelCall.GaveUp(String code, String detail) -> List.of(Action.Rest.fail(code, detail));
            case ModelCall.Answered(Optional<Digest> text, List<ProposedCall> proposed) ->
                    afterAnswer(agent, progress, turn, text, proposed, inFlight, now);
        };
    }

    /// A deadline ends a run only once it is known what its calls did.
    private static boolean outcomesKnown(Progress progress) {
        return progress.calls().stream()
                .noneMatch(
                        call ->
                                call.status() instanceof Status.Started
                                        || call.status() instanceof Status.OutcomeUnknown);
    }

    private static List<Action> afterAnswer(
            PinnedAgent agent,
            Progress progress,
            Turn turn,
            Optional<Digest> text,
            List<ProposedCall> proposed,
            Set<EffectId> inFlight,
            Instant now) {
        if (turn.output().isPresent()) {
            return progress.steering().isEmpty()
                    ? List.of(new Action.Complete(turn.output().get()))
                    : nextModelCall(agent, progress, now);
        }
        List<Action> proposals = proposals(progress, turn, proposed);
        if (!proposals.isEmpty()) {
            return proposals;
        }
        if (!turn.settled()) {
            return CallsPlan.plan(agent, progress, inFlight, now);
        }
        if (!proposed.isEmpty() || !progress.steering().isEmpty()) {
            return nextModelCall(agent, progress, now);
        }
        return text.<List<Action>>map(
                        answer -> List.of(new Action.Verify(answer, progress.revisions() + 1)))
                .orElseGet(
                        () ->
                                List.of(
                                        Action.Rest.fail(
                                                "empty_answer",
                                                "The model answered with neither a text nor a"
                                                        + " call.")));
    }

    private static List<Action> proposals(
            Progress progress, Turn turn, List<ProposedCall> proposed) {
        List<Action> actions = new ArrayList<>();
        int number = progress.proposals();
        for (ProposedCall call : proposed) {
            if (!turn.isProposed(call.callId())) {
                number++;
                actions.add(
                        new Action.Propose(
                                EffectId.toolCall(progress.identity().id(), number),
                                call,
                                Optional.empty()));
            }
        }
        for (ToolCall call : turn.calls().values()) {
            if (call.status() instanceof Status.EditRequested(Digest arguments)) {
                number++;
                actions.add(
                        new Action.Propose(
                                EffectId.toolCall(progress.identity().id(), number),
                                new ProposedCall(call.callId(), call.tool(), arguments),
                                Optional.of(call.effectId())));
            }
        }
        return actions;
    }

    private static List<Action> nextModelCall(PinnedAgent agent, Progress progress, Instant now) {
        if (progress.paused().isPresent()) {
            return List.of(Action.Rest.paused(progress.paused().get(), now));
        }
        int number = progress.usage().modelCalls() + 1;
        Allotment budget = Allotment.of(agent, progress, now);
        if (!budget.modelCall()) {
            return List.of(budget.hold().orElseThrow());
        }
        return List.of(
                new Action.CallModel(
                        EffectId.modelCall(progress.identity().id(), number), 1, ModelChoice.FIRST));
    }
}
