package dev.signalbox.store.memory;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.store.RunInbox;
import dev.signalbox.store.memory.MemoryState.Woken;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;

/// Commands and wake-ups.
final class MemoryRunInbox implements RunInbox {

    private final MemoryState state;

    MemoryRunInbox(MemoryState state) {
        this.state = state;
    }

    @Override
    public Uni<Void> post(RunCommand command, AuditRecord audit) {
        return state.waking(
                        () -> {
                            MemoryRun run = runFor(command);
                            run.ask(command);
                            state.audit.put(audit);
                            run.wake(state.now());
                            return new Woken<>(run, List.of(command.runId()));
                        })
                .replaceWithVoid();
    }

    private MemoryRun runFor(RunCommand command) {
        MemoryRun run =
                state.run(command.runId())
                        .filter(
                                found ->
                                        found.summary()
                                                .identity()
                                                .tenant()
                                                .equals(command.by().tenant()))
                        .orElseThrow(
                                () ->
                                        ProblemException.of(
                                                ProblemCode.NOT_FOUND, "There is no such run."));
        if (run.summary().status().terminal()) {
            throw ProblemException.of(ProblemCode.ILLEGAL_MOVE, "The run has ended.");
        }
        return run;
    }

    @Override
    public Uni<Inbox> read(RunId id) {
        return state.atomically(
                () ->
                        state.run(id)
                                .map(
                                        run ->
                                                new Inbox(
                                                        run.wakeVersion(),
                                                        List.copyOf(run.inbox()),
                                                        approvalsOf(id)))
                                .orElseGet(() -> new Inbox(0, List.of(), List.of())));
    }

    private List<Approval> approvalsOf(RunId id) {
        return state.approvals.values().stream()
                .filter(approval -> approval.runId().equals(id))
                .filter(MemoryRunInbox::pendingOrDecided)
                .toList();
    }

    private static boolean pendingOrDecided(Approval approval) {
        return switch (approval.status()) {
            case PENDING, APPROVED, REJECTED, EDITED -> true;
            case EXPIRED, WITHDRAWN -> false;
        };
    }

    @Override
    public Multi<RunId> woken() {
        return state.wakeUps();
    }
}
