package dev.signalbox.crash;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Decision.Choice;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.AuditId;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.ApprovalInbox.ApprovalFilter;
import dev.signalbox.store.ApprovalInbox.Ballot;
import dev.signalbox.store.PageRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Approves what waits for it, and says of calls whose outcome nobody knows what the other side
/// says.
final class Person {

    static final String TENANT = "crash";

    private static final int MOST = 20;

    private final Lab lab;
    private final IdSource ids;
    private final Actor lead =
            new Actor("alice", Actor.Plane.OPERATOR, TENANT, Set.of("support-lead"));

    Person(Lab lab, IdSource ids) {
        this.lab = lab;
        this.ids = ids;
    }

    List<Approval> approvals(RunId run) {
        return Trial.get(
                        lab.approvals()
                                .list(
                                        new ApprovalFilter(
                                                TENANT, Optional.empty(), Optional.of(run)),
                                        PageRequest.first(MOST)))
                .items();
    }

    void approveAll(RunId run) {
        approvals(run).stream()
                .filter(approval -> approval.status() == Approval.Status.PENDING)
                .forEach(this::approve);
    }

    private void approve(Approval approval) {
        Trial.get(
                lab.approvals()
                        .decide(
                                new Ballot(
                                        approval.id(),
                                        lead,
                                        approval.callDigest(),
                                        Choice.APPROVE,
                                        "as the test says",
                                        Optional.empty(),
                                        audit(approval.runId()))));
    }

    /// @param result what the call was answered; empty if it did not take place
    void reconcile(RunId run, EffectId effect, Optional<Json> result) {
        Trial.get(
                lab.inbox()
                        .post(
                                new RunCommand(
                                        new CommandId(ids.next()),
                                        run,
                                        lead,
                                        "the other side says so",
                                        new Ask.Reconcile(effect, result.isPresent(), result),
                                        lab.clock().instant()),
                                audit(run)));
    }

    /// Lets a run that is held for its budget use as much more as it lacks.
    ///
    /// @param path the runs from the root down to it
    void raise(RunSummary held, List<RunId> path, Budget more) {
        Trial.get(
                lab.inbox()
                        .post(
                                new RunCommand(
                                        new CommandId(ids.next()),
                                        path.getFirst(),
                                        lead,
                                        "it is worth it",
                                        new Ask.RaiseBudget(
                                                held.identity().id(),
                                                path.subList(1, path.size()),
                                                more,
                                                held.waitingOn().orElseThrow().since()),
                                        lab.clock().instant()),
                                audit(path.getFirst())));
    }

    private AuditRecord audit(RunId run) {
        return new AuditRecord(
                new AuditId(ids.next()),
                lab.clock().instant(),
                lead,
                "test",
                Optional.of(run),
                Optional.empty(),
                "as the test says",
                Optional.empty(),
                JsonObject.EMPTY);
    }
}
