package dev.signalbox.store;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.BulkId;
import dev.signalbox.domain.id.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One command to many runs, and how far it has come.
///
/// @param by who commands, with the roles of that moment
/// @param filter which runs; its end is the moment of the command, so that what comes later is not
///     meant
/// @param total how many runs matched at that moment
/// @param accepted runs that took the command
/// @param refused runs that did not
/// @param last the run that was seen to last; runs are seen to from the newest to the oldest
/// @param refusals the first of them
/// @param ended when it was completed or aborted
public record Bulk(
        BulkId id,
        Actor by,
        Action action,
        RunFilter filter,
        String reason,
        Instant createdAt,
        Status status,
        int total,
        int accepted,
        int refused,
        Optional<RunId> last,
        List<Refusal> refusals,
        Optional<Instant> ended) {

    /// Most refusals that are kept.
    public static final int MOST_REFUSALS = 20;

    /// What is commanded.
    public enum Action {
        HOLD,
        RELEASE,
        CANCEL,
        RETRY
    }

    /// Whether it goes on.
    public enum Status {
        RUNNING,
        COMPLETED,
        ABORTED
    }

    /// A run that did not take the command.
    public record Refusal(RunId runId, String code, String detail) {}

    public Bulk {
        refusals = List.copyOf(refusals);
    }

    /// One that has not begun.
    public static Bulk of(
            BulkId id,
            Actor by,
            Action action,
            RunFilter filter,
            String reason,
            Instant createdAt,
            int total) {
        return new Bulk(
                id,
                by,
                action,
                filter,
                reason,
                createdAt,
                Status.RUNNING,
                total,
                0,
                0,
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    public boolean running() {
        return status == Status.RUNNING;
    }

    /// After one run more, which took the command unless there is a refusal.
    public Bulk after(RunId run, Optional<Refusal> refusal) {
        List<Refusal> told = new ArrayList<>(refusals);
        refusal.filter(_ -> told.size() < MOST_REFUSALS).ifPresent(told::add);
        return new Bulk(
                id,
                by,
                action,
                filter,
                reason,
                createdAt,
                status,
                total,
                accepted + (refusal.isPresent() ? 0 : 1),
                refused + (refusal.isPresent() ? 1 : 0),
                Optional.of(run),
                told,
                ended);
    }

    /// Settled; one that is settled already stays as it is.
    public Bulk settled(Status how, Instant at) {
        return running()
                ? new Bulk(
                        id,
                        by,
                        action,
                        filter,
                        reason,
                        createdAt,
                        how,
                        total,
                        accepted,
                        refused,
                        last,
                        refusals,
                        Optional.of(at))
                : this;
    }
}
