package dev.signalbox.store;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.RunCommand;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;

/// What people and clients ask of runs.
///
/// Guarantee: a command, its audit record and the run's wake-up are one commit; the worker that
/// rests on an older inbox finds the run due again. Consequence: no command is ever overlooked.
public interface RunInbox {

    /// Puts a command in its run's inbox and wakes the run. Fails, having changed nothing, with
    /// `not_found` if the commander's tenant has no such run, and with `illegal_move` if the run
    /// has ended.
    Uni<Void> post(RunCommand command, AuditRecord audit);

    /// What the worker that holds the run has to answer.
    Uni<Inbox> read(RunId id);

    /// Runs that somebody woke through this store, from this process or another, as it happens. A
    /// hint: it may be lost, and then the sweep finds the run.
    Multi<RunId> woken();

    /// A run's inbox at one moment.
    ///
    /// @param wakeVersion grows whenever somebody wakes the run
    /// @param commands not yet answered, oldest first
    /// @param approvals of the run that are pending or decided, whether answered or not
    record Inbox(long wakeVersion, List<RunCommand> commands, List<Approval> approvals) {
        public Inbox {
            commands = List.copyOf(commands);
            approvals = List.copyOf(approvals);
        }
    }
}
