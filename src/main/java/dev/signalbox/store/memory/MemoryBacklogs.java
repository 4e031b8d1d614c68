package dev.signalbox.store.memory;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.store.Backlogs;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// The backlog, counted.
final class MemoryBacklogs implements Backlogs {

    private final MemoryState state;

    MemoryBacklogs(MemoryState state) {
        this.state = state;
    }

    @Override
    public Uni<Backlog> read(int most) {
        return state.atomically(this::backlog);
    }

    private Backlog backlog() {
        Instant now = state.now();
        List<MemoryRun> due =
                state.open.values().stream().filter(run -> run.claimable(now)).toList();
        List<Approval> pending =
                state.approvals.values().stream()
                        .filter(approval -> approval.status() == Approval.Status.PENDING)
                        .toList();
        long commands = state.open.values().stream().mapToLong(run -> run.inbox().size()).sum();
        return new Backlog(
                due.size(),
                longest(due.stream().map(MemoryRun::dueSince), now),
                pending.size(),
                longest(pending.stream().map(Approval::requestedAt), now),
                commands);
    }

    private static Duration longest(Stream<Instant> since, Instant now) {
        return since.min(Instant::compareTo)
                .filter(time -> time.isBefore(now))
                .map(time -> Duration.between(time, now))
                .orElse(Duration.ZERO);
    }
}
