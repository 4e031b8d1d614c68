package dev.signalbox.operator;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Redactor;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.operator.view.Values;
import dev.signalbox.store.ApprovalInbox;
import dev.signalbox.store.Retention;
import dev.signalbox.store.RunStore;
import dev.signalbox.web.PrunedRuns;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Finds what belongs to the caller's tenant; everything else does not exist.
@ApplicationScoped
class RunFinder {

    private static final int ENTRIES_AT_ONCE = 500;

    private final RunStore runs;
    private final Retention retention;
    private final PrunedRuns kept;
    private final ApprovalInbox approvals;
    private final Redactor redactor;

    RunFinder(
            RunStore runs,
            Retention retention,
            PrunedRuns kept,
            ApprovalInbox approvals,
            Redactor redactor) {
        this.retention = retention;
        this.redactor = redactor;
        this.runs = runs;
        this.kept = kept;
        this.approvals = approvals;
    }

    /// Fails with `run_pruned` if the run's tombstone is all that is left of it.
    Uni<RunSummary> run(Actor actor, RunId id) {
        return kept.find(id, actor.tenant());
    }

    Uni<Approval> approval(Actor actor, ApprovalId id) {
        return approvals
                .find(id)
                .map(found -> ofTenant(found, Approval::tenant, actor, "approval"));
    }

    private static <T> T ofTenant(
            Optional<T> found, Function<T, String> tenant, Actor actor, String what) {
        Predicate<T> own = one -> tenant.apply(one).equals(actor.tenant());
        return found.filter(own).orElseThrow(() -> missing(what));
    }

    /// The id that a path names; a path that names none names nothing.
    static RunId runId(String text) {
        try {
            return RunId.of(text);
        } catch (IllegalArgumentException _) {
            throw missing("run");
        }
    }

    static ApprovalId approvalId(String text) {
        try {
            return ApprovalId.of(text);
        } catch (IllegalArgumentException _) {
            throw missing("approval");
        }
    }

    private static ProblemException missing(String what) {
        return ProblemException.of(ProblemCode.NOT_FOUND, "There is no such " + what + ".");
    }

    /// The run's journal from the beginning to `untilSeq`.
    Uni<List<JournalEntry>> journal(RunId id, long untilSeq) {
        return more(id, untilSeq, new ArrayList<>());
    }

    private Uni<List<JournalEntry>> more(RunId id, long untilSeq, List<JournalEntry> soFar) {
        int wanted = (int) Math.min(ENTRIES_AT_ONCE, untilSeq - soFar.size());
        if (wanted <= 0) {
            return Uni.createFrom().item(soFar);
        }
        return runs.journal(id, soFar.size(), wanted)
                .chain(
                        entries -> {
                            soFar.addAll(entries);
                            return entries.size() < wanted
                                    ? refuseIfGone(id).replaceWith(soFar)
                                    : more(id, untilSeq, soFar);
                        });
    }

    /// A journal that is shorter than its run was is that of a run that has been pruned meanwhile.
    private Uni<Void> refuseIfGone(RunId id) {
        return retention
                .tombstone(id)
                .invoke(
                        stone ->
                                stone.ifPresent(
                                        found -> {
                                            throw PrunedRuns.pruned(found);
                                        }))
                .replaceWithVoid();
    }

    /// Values as `actor` may see them.
    Values values(Actor actor, Map<Digest, Json> payloads) {
        return Access.mayAudit(actor) ? Values.open(payloads) : Values.redacted(payloads, redactor);
    }
}
