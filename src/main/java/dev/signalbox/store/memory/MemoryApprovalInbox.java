package dev.signalbox.store.memory;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Status;
import dev.signalbox.domain.approval.ApprovalRules;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.store.ApprovalInbox;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.memory.MemoryState.Woken;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Approvals.
final class MemoryApprovalInbox implements ApprovalInbox {

    private final MemoryState state;

    MemoryApprovalInbox(MemoryState state) {
        this.state = state;
    }

    @Override
    public Uni<Optional<Approval>> find(ApprovalId id) {
        return state.atomically(() -> state.approvals.find(id));
    }

    @Override
    public Uni<Page<Approval>> list(ApprovalFilter filter, PageRequest page) {
        return state.atomically(
                () ->
                        MemoryState.page(
                                state.approvals.after(page, ApprovalId::new).stream()
                                        .filter(approval -> matches(filter, approval)),
                                page,
                                approval -> new Cursor(0, approval.id().value())));
    }

    private static boolean matches(ApprovalFilter filter, Approval approval) {
        return approval.tenant().equals(filter.tenant())
                && filter.status().map(approval.status()::equals).orElse(true)
                && filter.runId().map(approval.runId()::equals).orElse(true);
    }

    @Override
    public Uni<Approval> decide(Ballot ballot) {
        return state.waking(() -> decided(ballot));
    }

    private Woken<Approval> decided(Ballot ballot) {
        Instant now = state.now();
        Approval decided =
                ApprovalRules.decide(
                        approvalFor(ballot),
                        ballot.actor(),
                        ballot.callDigest(),
                        ballot.decision(now),
                        now);
        Optional<MemoryRun> run = state.run(decided.runId());
        state.approvals.put(decided);
        state.audit.put(ballot.audit());
        ballot.edited()
                .ifPresent(edited -> run.ifPresent(row -> row.keep(edited.digest(), edited)));
        if (decided.status() == Status.PENDING) {
            return new Woken<>(decided, List.of());
        }
        run.ifPresent(row -> row.wake(now));
        return new Woken<>(decided, List.of(decided.runId()));
    }

    private Approval approvalFor(Ballot ballot) {
        return state.approvals
                .find(ballot.id())
                .filter(approval -> approval.tenant().equals(ballot.actor().tenant()))
                .orElseThrow(
                        () ->
                                ProblemException.of(
                                        ProblemCode.NOT_FOUND, "There is no such approval."));
    }
}
