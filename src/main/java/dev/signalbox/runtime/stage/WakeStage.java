package dev.signalbox.runtime.stage;

import dev.signalbox.domain.run.Progress;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunEvent.RunResumed;
import dev.signalbox.domain.run.RunEvent.RunStarted;
import dev.signalbox.domain.run.RunEvent.TimerFired;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunState.Queued;
import dev.signalbox.domain.run.RunState.Running;
import dev.signalbox.domain.run.RunState.Waiting;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.store.RunInbox.Inbox;
import dev.signalbox.store.StoreClock;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;

/// Decides whether a run that a worker has taken starts, goes on, or keeps resting.
@ApplicationScoped
public class WakeStage {

    private final ApprovalStage approvals;
    private final StoreClock clock;
    private final TreeLimits tree;

    public WakeStage(ApprovalStage approvals, StoreClock clock, TreeLimits tree) {
        this.approvals = approvals;
        this.clock = clock;
        this.tree = tree;
    }

    /// The event that gets `state` going, if there is a reason to.
    public Draft up(Work work, RunState state, Inbox inbox, String worker) {
        return switch (state) {
            case Queued(Progress progress) ->
                    Draft.of(new RunStarted(worker, tree.ofRoot(progress.identity().lineage())));
            case Waiting(var _, WaitingOn waitingOn) -> resume(work, waitingOn, inbox, worker);
            case Running _, RunState.Held _, RunState.Settled _ -> new Draft();
        };
    }

    /// What has become of the approvals that the run waits for.
    public Draft resolve(Work work, Inbox inbox) {
        return approvals.resolve(work, inbox.approvals());
    }

    private Draft resume(Work work, WaitingOn waitingOn, Inbox inbox, String worker) {
        if (!resolve(work, inbox).isEmpty()) {
            return Draft.of(new RunResumed(worker, "An approval was resolved."));
        }
        if (!inbox.commands().isEmpty()) {
            boolean children =
                    inbox.commands().stream()
                            .allMatch(command -> command.ask() instanceof Ask.ChildSettled);
            return Draft.of(
                    new RunResumed(worker, children ? "A child run ended." : "A signal came."));
        }
        Instant now = clock.instant();
        Optional<Instant> deadline = work.progress().identity().deadline();
        if (waitingOn.until().filter(time -> !now.isBefore(time)).isPresent()
                || deadline.filter(time -> !now.isBefore(time)).isPresent()) {
            Draft draft = Draft.of(new RunResumed(worker, "The time has come."));
            return RestStage.isRetry(work, waitingOn)
                    ? draft.add(new TimerFired(RestStage.RETRY_TIMER))
                    : draft;
        }
        return new Draft();
    }
}
