package dev.signalbox.runtime.stage;

import dev.signalbox.domain.plan.Action;
import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.Progress;
import dev.signalbox.domain.run.RunEvent.FailureKind;
import dev.signalbox.domain.run.RunEvent.RunCompleted;
import dev.signalbox.domain.run.RunEvent.RunFailed;
import dev.signalbox.domain.run.RunEvent.RunHeld;
import dev.signalbox.domain.run.RunEvent.RunWaiting;
import dev.signalbox.domain.run.RunEvent.TimerSet;
import dev.signalbox.domain.run.RunEvent.ToolFailed;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunState.Held;
import dev.signalbox.domain.run.RunState.Queued;
import dev.signalbox.domain.run.RunState.Running;
import dev.signalbox.domain.run.RunState.Waiting;
import dev.signalbox.domain.run.ToolCall;
import dev.signalbox.domain.run.ToolCall.Status;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.store.RunChange.Next;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// Lays a run to rest: parked, held or ended.
@ApplicationScoped
public class RestStage {

    static final String RETRY_TIMER = "retry";
    static final String WORKER_LOST = "worker_lost";
    static final String LOST = "The worker that sent the call was lost before an answer came.";

    private final ChildStage children;

    public RestStage(ChildStage children) {
        this.children = children;
    }

    /// The events of resting.
    ///
    /// @param spanId the trace span that ends here
    public Draft record(Work work, Action.Rest action, Optional<String> spanId) {
        return switch (action) {
            case Action.Park(WaitingOn waitingOn) -> park(work, waitingOn, spanId);
            case Action.HoldRun(Hold hold) ->
                    lostCalls(work.progress()).add(new RunHeld(hold, spanId));
            case Action.Complete(var output) -> Draft.of(new RunCompleted(output));
            case Action.Fail(var error) -> lostCalls(work.progress()).add(new RunFailed(error));
        };
    }

    private static Draft park(Work work, WaitingOn waitingOn, Optional<String> spanId) {
        Draft draft = new Draft();
        if (isRetry(work, waitingOn)) {
            draft.add(new TimerSet(RETRY_TIMER, waitingOn.until().get()));
        }
        return draft.add(new RunWaiting(waitingOn, spanId));
    }

    /// Whether the run waits to try something again. A step that waits for a time has a timer of
    /// its own.
    static boolean isRetry(Work work, WaitingOn waitingOn) {
        return waitingOn.kind() == WaitingOn.Kind.TIMER
                && waitingOn.until().isPresent()
                && work.progress().steps().open().values().stream()
                        .noneMatch(step -> step.timer().equals(waitingOn.until()));
    }

    /// Calls that were sent by a worker which is no more: nobody knows how they ended.
    static Draft lostCalls(Progress progress) {
        Draft draft = new Draft();
        for (ToolCall call : progress.calls()) {
            if (call.status() instanceof Status.Started(int attempt)) {
                draft.add(
                        new ToolFailed(
                                call.effectId(),
                                attempt,
                                FailureKind.UNKNOWN,
                                WORKER_LOST,
                                LOST,
                                Optional.empty(),
                                Optional.empty()));
            }
        }
        return draft;
    }

    /// Approvals that nobody needs to decide any more because the run has ended, and child runs that
    /// nobody needs.
    public Draft withdrawals(RunState state) {
        Draft draft = new Draft();
        if (state instanceof RunState.Settled) {
            state.progress().calls().stream()
                    .flatMap(RestStage::awaited)
                    .forEach(id -> draft.close(id, Approval.Status.WITHDRAWN));
            draft.append(
                    children.cancel(
                            state.progress(),
                            state.progress().calls().stream(),
                            "The parent run has ended."));
        }
        return draft;
    }

    private static Stream<ApprovalId> awaited(ToolCall call) {
        return call.status() instanceof Status.AwaitingApproval(ApprovalId id, var _)
                ? Stream.of(id)
                : Stream.empty();
    }

    /// What becomes of lease and wake-up in `state`.
    public Next next(RunState state, long wakeVersion) {
        return switch (state) {
            case Waiting(Progress progress, WaitingOn waitingOn) ->
                    new Next.Rest(earlier(waitingOn.until(), progress), wakeVersion);
            case Held _ -> new Next.Rest(Optional.empty(), wakeVersion);
            case RunState.Settled _ -> new Next.End();
            case Queued _, Running _ -> new Next.Continue();
        };
    }

    private static Optional<Instant> earlier(Optional<Instant> until, Progress progress) {
        return Stream.concat(until.stream(), progress.identity().deadline().stream())
                .min(Instant::compareTo);
    }
}
