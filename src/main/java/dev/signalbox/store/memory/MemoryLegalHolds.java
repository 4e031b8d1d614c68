package dev.signalbox.store.memory;

import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.retention.LegalHold;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.LegalHolds;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/// Legal holds.
final class MemoryLegalHolds implements LegalHolds {

    private final MemoryState state;

    MemoryLegalHolds(MemoryState state) {
        this.state = state;
    }

    @Override
    public Uni<Void> place(LegalHold hold, AuditRecord audit) {
        return state.atomically(() -> placed(hold, audit)).replaceWithVoid();
    }

    private LegalHold placed(LegalHold hold, AuditRecord audit) {
        boolean known =
                state.run(hold.root())
                        .map(run -> run.summary().identity())
                        .filter(run -> run.tenant().equals(hold.tenant()))
                        .filter(MemoryLegalHolds::isRoot)
                        .isPresent();
        if (!known) {
            throw ProblemException.of(ProblemCode.NOT_FOUND, "There is no such tree of runs.");
        }
        if (state.holds.find(hold.root()).isPresent()) {
            throw ProblemException.of(
                    ProblemCode.ILLEGAL_MOVE, "The tree is under legal hold already.");
        }
        state.holds.put(hold);
        state.audit.put(audit);
        return hold;
    }

    private static boolean isRoot(RunIdentity run) {
        return run.lineage().root().equals(run.id());
    }

    @Override
    public Uni<LegalHold> lift(RunId root, String tenant, AuditRecord audit) {
        return state.atomically(() -> lifted(root, tenant, audit));
    }

    private LegalHold lifted(RunId root, String tenant, AuditRecord audit) {
        LegalHold hold =
                state.holds
                        .find(root)
                        .filter(found -> found.tenant().equals(tenant))
                        .orElseThrow(
                                () ->
                                        ProblemException.of(
                                                ProblemCode.ILLEGAL_MOVE,
                                                "The tree is under no legal hold."));
        state.holds.remove(root);
        state.audit.put(audit);
        return hold;
    }

    @Override
    public Uni<Optional<LegalHold>> find(RunId root) {
        return state.atomically(() -> state.holds.find(root));
    }

    @Override
    public Uni<Page<LegalHold>> list(String tenant, PageRequest page) {
        return state.atomically(
                () ->
                        MemoryState.page(
                                state.holds.after(page, RunId::new).stream()
                                        .filter(hold -> hold.tenant().equals(tenant)),
                                page,
                                hold -> new Cursor(0, hold.root().value())));
    }
}
