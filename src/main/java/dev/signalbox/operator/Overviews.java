package dev.signalbox.operator;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.store.ApprovalInbox;
import dev.signalbox.store.ApprovalInbox.ApprovalFilter;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// Counts, with the time when they were taken.
@ApplicationScoped
public class Overviews {

    private final RunStore runs;
    private final ApprovalInbox approvals;
    private final InstantSource clock;

    Overviews(RunStore runs, ApprovalInbox approvals, InstantSource clock) {
        this.runs = runs;
        this.approvals = approvals;
        this.clock = clock;
    }

    /// A tenant at a glance.
    ///
    /// @param at when the counts were taken
    public record Overview(Instant at, Map<RunStatus, Long> runs, Waiting approvals) {}

    /// Approvals that nobody has decided.
    ///
    /// @param atLeast whether there are more than were counted
    /// @param oldestAge how long the longest-waiting has waited
    public record Waiting(
            int pending,
            boolean atLeast,
            Optional<Instant> oldestRequestedAt,
            Optional<Duration> oldestAge) {}

    public Uni<Overview> overview(Actor actor) {
        Access.toRead(actor);
        ApprovalFilter pending =
                new ApprovalFilter(
                        actor.tenant(), Optional.of(Approval.Status.PENDING), Optional.empty());
        return Uni.combine()
                .all()
                .unis(
                        runs.counts(actor.tenant()),
                        approvals.list(pending, PageRequest.first(PageRequest.MAX_LIMIT)))
                .asTuple()
                .map(
                        read ->
                                new Overview(
                                        clock.instant(),
                                        all(read.getItem1()),
                                        waiting(read.getItem2())));
    }

    private static Map<RunStatus, Long> all(Map<RunStatus, Long> counted) {
        Map<RunStatus, Long> counts = new EnumMap<>(RunStatus.class);
        for (RunStatus status : RunStatus.values()) {
            counts.put(status, counted.getOrDefault(status, 0L));
        }
        return counts;
    }

    private Waiting waiting(Page<Approval> pending) {
        Optional<Instant> oldest = pending.items().stream().findFirst().map(Approval::requestedAt);
        return new Waiting(
                pending.items().size(),
                pending.next().isPresent(),
                oldest,
                oldest.map(since -> Duration.between(since, clock.instant())));
    }
}
