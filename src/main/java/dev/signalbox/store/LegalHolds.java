package dev.signalbox.store;

import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.retention.LegalHold;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/// What must not be pruned, whatever the rules say.
///
/// Guarantee: a hold and its audit record are one commit, and a tree that is held when that commit is
/// made is there for as long as it is held.
public interface LegalHolds {

    /// Holds a tree. Fails, having changed nothing, with `not_found` if the tenant has no such root
    /// (any more), and with `illegal_move` if it is held already.
    Uni<Void> place(LegalHold hold, AuditRecord audit);

    /// Lets a tree go, and answers the hold that is no more; fails with `illegal_move` if nobody of the
    /// tenant holds it.
    Uni<LegalHold> lift(RunId root, String tenant, AuditRecord audit);

    Uni<Optional<LegalHold>> find(RunId root);

    /// The tenant's holds, the newest tree first.
    Uni<Page<LegalHold>> list(String tenant, PageRequest page);
}
