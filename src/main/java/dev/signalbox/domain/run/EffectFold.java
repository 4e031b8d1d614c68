package dev.signalbox.domain.run;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.run.RunEvent.EffectEvent;
import dev.signalbox.domain.run.ToolCall.Status;
import dev.signalbox.domain.run.Turn.ModelCall;
import java.time.Instant;
import java.util.Optional;

/// The part of [RunFold] that follows model calls and tool calls.
final class EffectFold {

    private EffectFold() {}

    static Progress apply(Progress progress, EffectEvent event, Instant at) {
        return switch (event) {
            case RunEvent.ModelRequested requested -> requested(progress, requested);
            case RunEvent.ModelCompleted completed -> completed(progress, completed);
            case RunEvent.ModelFailed failed -> failed(progress, failed);
            case RunEvent.ToolProposed proposed -> proposed(progress, proposed);
            case RunEvent.PolicyDecided decided -> decided(progress, decided);
            case RunEvent.ApprovalRequested asked -> {
                ToolCall call = progress.currentCall(asked.effectId());
                yield settle(
                        progress,
                        call,
                        new Status.AwaitingApproval(asked.approvalId(), asked.expiresAt()));
            }
            case RunEvent.ApprovalResolved resolved -> resolved(progress, resolved);
            case RunEvent.ToolStarted started -> started(progress, started);
            case RunEvent.ToolCompleted(EffectId id, int _, Digest result) ->
                    settle(
                            progress,
                            started(progress.currentCall(id)),
                            new Status.Succeeded(result));
            case RunEvent.ToolFailed failed -> failed(progress, failed);
            case RunEvent.EffectReconciled reconciled -> reconciled(progress, reconciled);
            case RunEvent.ChildStarted started ->
                    delegated(progress.reserved(started, at), started);
            case RunEvent.ChildSettled settled -> settled(progress, settled, at);
        };
    }

    /// A call that is sent again because its worker was lost is the same call: it is used up once.
    private static Progress started(Progress progress, RunEvent.ToolStarted event) {
        ToolCall call = startable(progress.currentCall(event.effectId()));
        boolean first = event.attempt() == 1 && !(call.status() instanceof Status.Started);
        return settle(
                first ? progress.sent(call.tool()) : progress,
                call,
                new Status.Started(event.attempt()));
    }

    private static Progress requested(Progress progress, RunEvent.ModelRequested event) {
        if (progress.identity().definition().kind() == DefinitionRef.Kind.WORKFLOW) {
            throw new IllegalHistoryException("a workflow asks no model");
        }
        boolean retry =
                progress.turn()
                        .map(turn -> turn.modelCall().equals(event.effectId()))
                        .orElse(false);
        if (retry) {
            Turn turn = progress.currentTurn();
            if (turn.model() instanceof ModelCall.Answered) {
                throw new IllegalHistoryException("the model call was answered already");
            }
            return progress.onTurn(
                    turn.with(new ModelCall.Requested(event.attempt(), turn.choice())));
        }
        if (progress.turn().map(turn -> !turn.settled()).orElse(false)) {
            throw new IllegalHistoryException("the turn before has not settled");
        }
        return progress.nextTurn(Turn.requested(event.effectId(), event.attempt()))
                .used(progress.usage().plusModelCall());
    }

    private static Progress completed(Progress progress, RunEvent.ModelCompleted event) {
        Turn turn = requestedTurn(progress, event.effectId());
        return progress.onTurn(turn.with(new ModelCall.Answered(event.text(), event.calls())))
                .used(progress.usage().plus(event.usage(), event.costUsd()));
    }

    private static Progress failed(Progress progress, RunEvent.ModelFailed event) {
        Turn turn = requestedTurn(progress, event.effectId());
        ModelChoice choice =
                event.fallback()
                        .map(fallback -> new ModelChoice(fallback, event.attempt() + 1))
                        .orElse(turn.choice());
        ModelCall next =
                event.retryAt()
                        .<ModelCall>map(
                                at ->
                                        new ModelCall.RetryDue(
                                                event.attempt(), at, event.detail(), choice))
                        .orElseGet(() -> new ModelCall.GaveUp(event.code(), event.detail()));
        return progress.onTurn(turn.with(next));
    }

    private static Turn requestedTurn(Progress progress, EffectId effectId) {
        Turn turn = progress.currentTurn();
        if (turn.modelCall().equals(effectId) && turn.model() instanceof ModelCall.Requested) {
            return turn;
        }
        throw new IllegalHistoryException("model call " + effectId + " is not under way");
    }

    private static Progress proposed(Progress progress, RunEvent.ToolProposed event) {
        if (progress.call(event.effectId()).isPresent()) {
            throw new IllegalHistoryException(event.effectId() + " was proposed already");
        }
        Progress before = progress;
        if (event.replaces().isPresent()) {
            ToolCall replaced = progress.currentCall(event.replaces().get());
            before = settle(progress, replaced, new Status.Superseded(event.effectId()));
        }
        return before.proposed(
                new ToolCall(
                        event.effectId(),
                        event.callId(),
                        event.tool(),
                        event.arguments(),
                        event.callDigest(),
                        new Status.Proposed()));
    }

    private static Progress delegated(Progress progress, RunEvent.ChildStarted event) {
        Optional<ToolCall> allowed = progress.call(event.effectId());
        if (allowed.isPresent()) {
            if (!(allowed.get().status() instanceof Status.Allowed)) {
                throw new IllegalHistoryException(event.effectId() + " may not begin now");
            }
            return settle(
                    progress.sent(allowed.get().tool()),
                    allowed.get(),
                    new Status.Delegated(event.childId()));
        }
        return progress.proposed(
                new ToolCall(
                        event.effectId(),
                        event.step(),
                        StepNames.childOf(event.definition()),
                        event.input(),
                        event.definition().digest(),
                        new Status.Delegated(event.childId())));
    }

    /// A child that nothing waits for any more has used something all the same.
    private static Progress settled(Progress before, RunEvent.ChildSettled event, Instant at) {
        boolean underWay = before.ledger().reserved().containsKey(event.childId());
        if (!underWay || !event.status().terminal()) {
            throw new IllegalHistoryException("no such child is under way, or it has not ended");
        }
        Progress progress = before.settled(event, at);
        return progress.call(event.effectId())
                .filter(call -> call.status().equals(new Status.Delegated(event.childId())))
                .map(call -> settled(progress, call, event))
                .orElse(progress);
    }

    private static Progress settled(Progress progress, ToolCall call, RunEvent.ChildSettled event) {
        RunError error = event.error().orElse(new RunError("child_failed", "It failed."));
        return settle(
                progress,
                call,
                event.output()
                        .<Status>map(Status.Succeeded::new)
                        .orElseGet(
                                () ->
                                        new Status.Refused(
                                                error.code(), error.message(), Optional.empty())));
    }

    private static Progress decided(Progress progress, RunEvent.PolicyDecided event) {
        ToolCall call = progress.currentCall(event.effectId());
        if (!(call.status() instanceof Status.Proposed)) {
            throw new IllegalHistoryException("policy decides a proposal, once");
        }
        return switch (event.verdict()) {
            case ALLOW -> settle(progress, call, new Status.Allowed(0));
            case DENY ->
                    settle(
                            progress,
                            call,
                            new Status.Refused("denied", event.reason(), Optional.empty()));
            case REQUIRE_APPROVAL -> progress;
        };
    }

    private static Progress resolved(Progress progress, RunEvent.ApprovalResolved event) {
        ToolCall call = progress.currentCall(event.effectId());
        if (!(call.status() instanceof Status.AwaitingApproval(var awaited, var _))
                || !awaited.equals(event.approvalId())) {
            throw new IllegalHistoryException("the call does not wait for that approval");
        }
        return switch (event.outcome()) {
            case APPROVED -> settle(progress, call, new Status.Allowed(0));
            case REJECTED ->
                    settle(
                            progress,
                            call,
                            new Status.Refused("rejected", event.reason(), Optional.empty()));
            case EXPIRED ->
                    settle(
                            progress,
                            call,
                            new Status.Refused("expired", event.reason(), Optional.empty()));
            case EDITED ->
                    settle(
                            progress,
                            call,
                            new Status.EditRequested(
                                    event.arguments()
                                            .orElseThrow(
                                                    () ->
                                                            new IllegalHistoryException(
                                                                    "an edit has arguments"))));
        };
    }

    private static Progress failed(Progress progress, RunEvent.ToolFailed event) {
        ToolCall call = progress.currentCall(event.effectId());
        boolean unknownStill =
                event.kind() == RunEvent.FailureKind.UNKNOWN
                        && call.status() instanceof Status.OutcomeUnknown;
        if (event.attempt() > 0 && !unknownStill) {
            started(call);
        }
        int probes = call.status() instanceof Status.OutcomeUnknown known ? known.probes() + 1 : 0;
        Status next =
                switch (event.kind()) {
                    case PERMANENT ->
                            new Status.Refused(event.code(), event.detail(), event.body());
                    case RETRYABLE ->
                            event.retryAt()
                                    .<Status>map(at -> new Status.RetryDue(event.attempt(), at))
                                    .orElseGet(
                                            () ->
                                                    new Status.Refused(
                                                            event.code(),
                                                            event.detail(),
                                                            event.body()));
                    case UNKNOWN ->
                            new Status.OutcomeUnknown(
                                    event.attempt(), event.detail(), probes, event.retryAt());
                };
        return settle(progress, call, next);
    }

    private static Progress reconciled(Progress progress, RunEvent.EffectReconciled event) {
        ToolCall call = progress.currentCall(event.effectId());
        return switch (call.status()) {
            case Status.OutcomeUnknown(int attempt, String _, int _, var _) ->
                    settle(progress, call, afterReconciling(event, attempt));
            case Status.Started(int attempt) ->
                    settle(progress, call, afterReconciling(event, attempt));
            case Status.Allowed _ when event.happened() ->
                    settle(progress, call, afterReconciling(event, 0));
            case Status.Refused refused
                    when progress.steps().failedCompensations().contains(call) ->
                    settle(progress, call, event.happened() ? afterReconciling(event, 0) : refused);
            case Status.Proposed _,
                    Status.Allowed _,
                    Status.AwaitingApproval _,
                    Status.EditRequested _,
                    Status.Superseded _,
                    Status.Delegated _,
                    Status.RetryDue _,
                    Status.Succeeded _,
                    Status.Refused _ ->
                    throw new IllegalHistoryException("the outcome of the call is known");
        };
    }

    private static Status afterReconciling(RunEvent.EffectReconciled event, int attempt) {
        return event.happened()
                ? new Status.Succeeded(
                        event.result()
                                .orElseThrow(
                                        () ->
                                                new IllegalHistoryException(
                                                        "what happened has a result")))
                : new Status.Allowed(attempt);
    }

    private static ToolCall startable(ToolCall call) {
        return switch (call.status()) {
            case Status.Allowed _, Status.RetryDue _, Status.Started _ -> call;
            case Status.Proposed _,
                    Status.AwaitingApproval _,
                    Status.EditRequested _,
                    Status.Superseded _,
                    Status.Delegated _,
                    Status.OutcomeUnknown _,
                    Status.Succeeded _,
                    Status.Refused _ ->
                    throw new IllegalHistoryException(
                            "call " + call.effectId() + " may not go out: " + call.status());
        };
    }

    private static ToolCall started(ToolCall call) {
        if (call.status() instanceof Status.Started) {
            return call;
        }
        throw new IllegalHistoryException("call " + call.effectId() + " was not sent");
    }

    private static Progress settle(Progress progress, ToolCall call, Status next) {
        return progress.with(call.with(next));
    }
}
