package dev.signalbox.domain.plan;

import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.plan.Allotment.Grant;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.Progress;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.ToolCall;
import dev.signalbox.domain.run.ToolCall.Status;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.domain.tool.ToolDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The part of every plan that looks after the tool calls under way.
public final class CallsPlan {

    private CallsPlan() {}

    /// What can be done about the calls that the run has proposed and that have not settled.
    public static List<Action> plan(
            PinnedDefinition definition, Progress progress, Set<EffectId> inFlight, Instant now) {
        Allotment budget = Allotment.of(definition, progress, now);
        return effects(definition, progress, inFlight, now, budget)
                .orElseGet(
                        () -> List.of(budget.hold().orElseGet(() -> rest(progress, now))));
    }

    /// The same, where something else than the calls may be waited for: empty if nothing can be
    /// done about them now.
    ///
    /// @param budget what the calls must keep within: those that do not fit are left, and it says
    ///     how the run rests for them
    public static Optional<List<Action>> effects(
            PinnedDefinition definition,
            Progress progress,
            Set<EffectId> inFlight,
            Instant now,
            Allotment budget) {
        List<Action> effects = new ArrayList<>();
        List<ToolCall> unknown = new ArrayList<>();
        List<Action> delegated = new ArrayList<>();
        List<Action> missed = new ArrayList<>();
        boolean askable =
                progress.identity().deadline().map(end -> now.isBefore(end)).orElse(true);
        boolean asking = false;
        for (ToolCall call : progress.calls()) {
            switch (call.status()) {
                case Status.Allowed _ when definition.childOf(call.tool()).isPresent() ->
                        delegate(definition, call, budget).ifPresent(delegated::add);
                case Status.Allowed(int attempts) -> {
                    if (attempts > 0 || budget.toolCall()) {
                        effects.add(execute(call, attempts + 1));
                    }
                }
                case Status.RetryDue(int attempts, Instant at) when !at.isAfter(now) ->
                        effects.add(execute(call, attempts + 1));
                case Status.Started(int attempt) when !inFlight.contains(call.effectId()) -> {
                    if (safeToRepeat(definition, call)) {
                        effects.add(execute(call, attempt));
                    } else if (askable && hasProbe(definition, call)) {
                        missed.add(new Action.MissCall(call, attempt));
                    } else {
                        unknown.add(call);
                    }
                }
                case Status.OutcomeUnknown(int _, String _, int probes, Optional<Instant> at)
                        when askable && at.isPresent() && hasProbe(definition, call) -> {
                    asking = true;
                    if (!at.get().isAfter(now)) {
                        effects.add(new Action.ProbeCall(call, probes + 1));
                    }
                }
                case Status.OutcomeUnknown _ -> unknown.add(call);
                case Status.RetryDue _,
                        Status.Started _,
                        Status.Proposed _,
                        Status.AwaitingApproval _,
                        Status.EditRequested _,
                        Status.Superseded _,
                        Status.Delegated _,
                        Status.Succeeded _,
                        Status.Refused _ -> {}
            }
        }
        if (!missed.isEmpty()) {
            return Optional.of(missed);
        }
        effects.removeIf(
                action ->
                        action instanceof Action.Effect effect
                                && inFlight.contains(effect.effectId()));
        if (!delegated.isEmpty()) {
            return Optional.of(delegated);
        }
        if (!effects.isEmpty()) {
            return Optional.of(effects);
        }
        if (!inFlight.isEmpty()) {
            return Optional.of(List.of());
        }
        return unknown.isEmpty() || asking
                ? Optional.empty()
                : Optional.of(List.of(new Action.HoldRun(unknownOutcome(unknown))));
    }

    /// Whether the call may have taken place although nobody has heard of it: it was sent, or it is
    /// to be sent again because the time before it was not answered.
    public static boolean mayHaveHappened(PinnedDefinition definition, ToolCall call) {
        return call.mayBeOut()
                || (call.status() instanceof Status.RetryDue
                        && definition
                                .tool(call.tool())
                                .filter(tool -> tool.sideEffect().writes() && tool.safeToRepeat())
                                .isPresent());
    }

    /// The hold of a run that is to end and has sent calls of which nobody knows whether they
    /// happened. None of its effects may be in flight.
    public static Optional<Action> held(PinnedDefinition definition, Progress progress) {
        List<ToolCall> unknown =
                progress.calls().stream()
                        .filter(
                                call ->
                                        call.status() instanceof Status.OutcomeUnknown
                                                || (call.status() instanceof Status.Started
                                                        && !safeToRepeat(definition, call)))
                        .toList();
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of(new Action.HoldRun(unknownOutcome(unknown)));
    }

    private static Action execute(ToolCall call, int attempt) {
        return new Action.ExecuteTool(call, attempt);
    }

    private static boolean safeToRepeat(PinnedDefinition definition, ToolCall call) {
        return definition.tool(call.tool()).map(ToolDefinition::safeToRepeat).orElse(false);
    }

    private static boolean hasProbe(PinnedDefinition definition, ToolCall call) {
        return definition.tool(call.tool()).flatMap(ToolDefinition::probe).isPresent();
    }

    /// A call that a run of its own is to do.
    private static Optional<Action> delegate(
            PinnedDefinition definition, ToolCall call, Allotment budget) {
        return switch (budget.child(definition.childOf(call.tool()).orElseThrow(), true)) {
            case Grant.Begin(Budget granted) -> Optional.of(new Action.Delegate(call, granted));
            case Grant.Refuse(RunError error) -> Optional.of(new Action.Refuse(call, error));
            case Grant.Later() -> Optional.empty();
        };
    }

    private static Hold unknownOutcome(List<ToolCall> unknown) {
        ToolCall first = unknown.getFirst();
        String others =
                unknown.size() == 1 ? "" : " (and " + (unknown.size() - 1) + " more like it)";
        return new Hold(
                Hold.Reason.UNKNOWN_OUTCOME,
                "The call of "
                        + first.tool()
                        + " ("
                        + first.effectId()
                        + ")"
                        + others
                        + " was sent and no answer came back. It is not safe to repeat: find out"
                        + " whether it happened and reconcile it."
                        + probed(first),
                Optional.of(first.effectId()),
                Optional.empty());
    }

    private static String probed(ToolCall call) {
        return call.status() instanceof Status.OutcomeUnknown unknown && unknown.probes() > 0
                ? " Its probe could not say: " + unknown.detail()
                : "";
    }

    private static Action rest(Progress progress, Instant now) {
        List<ToolCall> waiting =
                progress.calls().stream()
                        .filter(call -> call.status() instanceof Status.AwaitingApproval)
                        .toList();
        Optional<Instant> until =
                progress.calls().stream()
                        .flatMap(CallsPlan::nextTime)
                        .min(Comparator.naturalOrder());
        Optional<ToolCall> child =
                progress.calls().stream()
                        .filter(call -> call.status() instanceof Status.Delegated)
                        .findFirst();
        if (waiting.isEmpty()
                && child.isPresent()
                && child.get().status() instanceof Status.Delegated(RunId id)) {
            return Action.Rest.park(
                    WaitingOn.Kind.CHILD,
                    now,
                    until,
                    "The call of " + child.get().tool() + " waits for its child run " + id + ".");
        }
        if (waiting.isEmpty()) {
            return Action.Rest.park(
                    WaitingOn.Kind.TIMER,
                    now,
                    until,
                    waitingFor(progress)
                            + until.map(Instant::toString).orElse("the next occasion")
                            + ".");
        }
        ToolCall first = waiting.getFirst();
        String others = waiting.size() == 1 ? "" : " and " + (waiting.size() - 1) + " more";
        return new Action.Park(
                new WaitingOn(
                        WaitingOn.Kind.APPROVAL,
                        now,
                        "The call of "
                                + first.tool()
                                + others
                                + " waits for a person to approve it.",
                        approvalOf(first),
                        until));
    }

    private static String waitingFor(Progress progress) {
        return progress.unknownOutcomes().isEmpty()
                ? "A tool could not be reached; it is called again at "
                : "Nobody knows whether a call happened; its probe is asked at ";
    }

    /// When the call goes on, or its approval ends, by itself.
    public static Stream<Instant> nextTime(ToolCall call) {
        return switch (call.status()) {
            case Status.AwaitingApproval(var _, Optional<Instant> expiresAt) -> expiresAt.stream();
            case Status.RetryDue(int _, Instant at) -> Stream.of(at);
            case Status.OutcomeUnknown(int _, String _, int _, Optional<Instant> probeAt) ->
                    probeAt.stream();
            case Status.Proposed _,
                    Status.Allowed _,
                    Status.EditRequested _,
                    Status.Superseded _,
                    Status.Delegated _,
                    Status.Started _,
                    Status.Succeeded _,
                    Status.Refused _ ->
                    Stream.empty();
        };
    }

    /// The approval that the call waits for.
    public static Optional<ApprovalId> approvalOf(ToolCall call) {
        return call.status() instanceof Status.AwaitingApproval(ApprovalId id, var _)
                ? Optional.of(id)
                : Optional.empty();
    }
}
