package dev.signalbox.store;

import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.BulkId;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Commands to many runs, and how far they have come.
///
/// Guarantee: progress is durable run by run, and one process at a time carries a command out.
/// Consequence: when a process dies, another goes on where it was; only the run that it was at may be
/// commanded twice.
public interface BulkStore {

    /// Keeps a new one, in one commit with its audit record.
    Uni<Void> create(Bulk bulk, AuditRecord audit);

    Uni<Optional<Bulk>> find(String tenant, BulkId id);

    /// The oldest running one that nobody carries out; it is `owner`'s for the time of `lease`.
    Uni<Optional<Bulk>> claim(String owner, Duration lease);

    /// Changes what `owner` carries out, and prolongs the lease; answers how it is now. Empty if it is
    /// not `owner`'s any more.
    Uni<Optional<Bulk>> advance(
            BulkId id, String owner, Duration lease, UnaryOperator<Bulk> change);

    /// Stops one, in one commit with the audit record; answers how it is now. Fails with `not_found`,
    /// and with `already_settled` if it runs no more.
    Uni<Bulk> abort(BulkId id, Instant at, AuditRecord audit);

    /// The refusals of [#abort].
    static Bulk aborted(Optional<Bulk> found, Instant at) {
        Bulk bulk =
                found.orElseThrow(
                        () ->
                                ProblemException.of(
                                        ProblemCode.NOT_FOUND, "There is no such bulk command."));
        if (!bulk.running()) {
            throw ProblemException.of(
                    ProblemCode.ALREADY_SETTLED, "The bulk command does not run any more.");
        }
        return bulk.settled(Bulk.Status.ABORTED, at);
    }
}
