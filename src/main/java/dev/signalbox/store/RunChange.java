package dev.signalbox.store;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunSummary;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Everything that one commit changes about a run. A change without entries only moves lease and
/// wake-up.
///
/// @param entries what is appended, in order, linked to the head; may be empty
/// @param after the summary that the journal folds to with them
/// @param payloads what the entries name by digest and the store may not have yet
/// @param opened approvals that now wait for people
/// @param closed approvals that nobody can decide any more, and how they ended. One that is to
///     expire must still be pending, else the change fails as with a stale lease, because somebody
///     has decided in the meantime; one that is to be withdrawn keeps a decision
/// @param applied commands of the inbox that the change answers
/// @param children runs that the change creates, due at once
/// @param posts what the change puts into the inboxes of other runs, and wakes them for; one for a
///     run that has ended is dropped
/// @param next what becomes of lease and wake-up
public record RunChange(
        List<JournalEntry> entries,
        RunSummary after,
        Map<Digest, Json> payloads,
        List<Approval> opened,
        Map<ApprovalId, Approval.Status> closed,
        Set<CommandId> applied,
        List<NewRun> children,
        List<RunCommand> posts,
        Next next) {

    /// One that concerns no other run.
    public RunChange(
            List<JournalEntry> entries,
            RunSummary after,
            Map<Digest, Json> payloads,
            List<Approval> opened,
            Map<ApprovalId, Approval.Status> closed,
            Set<CommandId> applied,
            Next next) {
        this(entries, after, payloads, opened, closed, applied, List.of(), List.of(), next);
    }

    public RunChange {
        entries = List.copyOf(entries);
        payloads = Map.copyOf(payloads);
        opened = List.copyOf(opened);
        closed = Map.copyOf(closed);
        applied = Set.copyOf(applied);
        children = List.copyOf(children);
        posts = List.copyOf(posts);
    }

    /// Position of the journal's head that the change builds on.
    public long expectedSeq() {
        return after.headSeq() - entries.size();
    }

    /// Hash of the journal's head that the change builds on.
    public Digest expectedHash() {
        return entries.isEmpty() ? after.headHash() : entries.getFirst().prevHash();
    }

    /// Approvals that the change declares expired.
    public Set<ApprovalId> expiring() {
        return closed.entrySet().stream()
                .filter(closing -> closing.getValue() == Approval.Status.EXPIRED)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// What becomes of lease and wake-up after a change.
    public sealed interface Next {

        /// The worker goes on and keeps the lease.
        record Continue() implements Next {}

        /// The worker lets go; the run is due at that time, if at any, or when somebody wakes it.
        ///
        /// @param wakeVersion as of the inbox that the worker read last: if somebody has woken the
        ///     run since, it is due at once
        record Rest(Optional<Instant> due, long wakeVersion) implements Next {}

        /// The run has ended.
        record End() implements Next {}
    }
}
