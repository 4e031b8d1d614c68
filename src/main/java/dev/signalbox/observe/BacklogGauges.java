package dev.signalbox.observe;

import dev.signalbox.store.Backlogs;
import dev.signalbox.store.Backlogs.Backlog;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Shows what waits in the store. The store is asked on a schedule, never by whoever reads the
/// metrics; while it does not answer, the gauges have no value.
///
/// Every process shows the same numbers, of the whole store: take the greatest, not the sum.
@ApplicationScoped
class BacklogGauges {

    /// Beyond it, more is not worth being counted.
    private static final int MOST = 10_000;

    private final Backlogs backlogs;
    private final Meters meters;
    private final HealthSettings settings;
    private final AtomicReference<@Nullable Backlog> latest = new AtomicReference<>();

    BacklogGauges(Backlogs backlogs, Meters meters, HealthSettings settings) {
        this.backlogs = backlogs;
        this.meters = meters;
        this.settings = settings;
    }

    void show(@Observes StartupEvent event) {
        gauge(Metric.BACKLOG_RUNS, Backlog::dueRuns);
        gauge(Metric.BACKLOG_RUNS_AGE, backlog -> seconds(backlog.longestDue()));
        gauge(Metric.BACKLOG_APPROVALS, Backlog::pendingApprovals);
        gauge(Metric.BACKLOG_APPROVALS_AGE, backlog -> seconds(backlog.longestPending()));
        gauge(Metric.BACKLOG_COMMANDS, Backlog::openCommands);
    }

    @Scheduled(
            every = "${signalbox.metrics.backlog}",
            concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> read() {
        return backlogs.read(MOST)
                .ifNoItem()
                .after(settings.timeout())
                .fail()
                .invoke(latest::set)
                .onFailure()
                .invoke(() -> latest.set(null))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    private void gauge(Metric metric, ToDoubleFunction<Backlog> value) {
        meters.gauge(
                metric,
                () -> {
                    Backlog backlog = latest.get();
                    return backlog == null ? Double.NaN : value.applyAsDouble(backlog);
                });
    }

    private static double seconds(Duration age) {
        return age.toMillis() / 1000.0;
    }
}
