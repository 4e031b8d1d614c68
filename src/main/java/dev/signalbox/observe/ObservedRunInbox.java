package dev.signalbox.observe;

import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.store.RunInbox;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/// An inbox whose commands are counted.
final class ObservedRunInbox implements RunInbox {

    private final RunInbox inbox;
    private final Meters meters;

    ObservedRunInbox(RunInbox inbox, Meters meters) {
        this.inbox = inbox;
        this.meters = meters;
    }

    @Override
    public Uni<Void> post(RunCommand command, AuditRecord audit) {
        return inbox.post(command, audit)
                .invoke(() -> meters.count(Metric.COMMANDS, 1, word(command.ask())));
    }

    private static String word(Ask ask) {
        return switch (ask) {
            case Ask.Cancel() -> "cancel";
            case Ask.Pause() -> "pause";
            case Ask.Resume() -> "resume";
            case Ask.Signal _ -> "signal";
            case Ask.Steer _ -> "steer";
            case Ask.ChildSettled _ -> "child_settled";
            case Ask.RaiseBudget _ -> "budget";
            case Ask.HoldRun() -> "hold";
            case Ask.Release() -> "release";
            case Ask.Reconcile _ -> "reconcile";
        };
    }

    @Override
    public Uni<Inbox> read(RunId id) {
        return inbox.read(id);
    }

    @Override
    public Multi<RunId> woken() {
        return inbox.woken();
    }
}
