package dev.signalbox.runtime.retention;

import dev.signalbox.domain.retention.RetentionRule;
import dev.signalbox.domain.retention.RetentionRules;
import dev.signalbox.observe.Role;
import dev.signalbox.observe.Roles;
import dev.signalbox.observe.RunMetrics;
import dev.signalbox.queue.Outage;
import dev.signalbox.runtime.WorkerName;
import dev.signalbox.store.Retention;
import dev.signalbox.store.Retention.Batch;
import dev.signalbox.store.Retention.Place;
import dev.signalbox.store.Retention.Round;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Removes runs whose time is over, a few at a time, with pauses.
///
/// Every process that works on runs has one; the store gives one of them the turn.
@ApplicationScoped
class Pruner {

    private static final Logger LOG = Logger.getLogger(Pruner.class);

    /// Until the first look of a process: it has more urgent things to do when it starts.
    private static final Duration FIRST = Duration.ofMinutes(1);

    /// How much longer than a batch and its pause a pruner keeps the turn.
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Retention retention;
    private final KeptTerms terms;
    private final RetentionSettings settings;
    private final WorkerName name;
    private final Roles roles;
    private final RunMetrics metrics;
    private final Outage outage = new Outage("the store", "runs are pruned when it is back");
    private final List<Cancellable> running = new ArrayList<>();

    Pruner(
            Retention retention,
            KeptTerms terms,
            RetentionSettings settings,
            WorkerName name,
            Roles roles,
            RunMetrics metrics) {
        this.retention = retention;
        this.terms = terms;
        this.settings = settings;
        this.name = name;
        this.roles = roles;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        if (!roles.has(Role.RUNTIME)) {
            return;
        }
        Duration first = settings.every().compareTo(FIRST) < 0 ? settings.every() : FIRST;
        running.add(
                after(first)
                        .chain(
                                () ->
                                        Multi.createBy()
                                                .repeating()
                                                .uni(this::sweepAndRest)
                                                .indefinitely()
                                                .collect()
                                                .last())
                        .subscribe()
                        .with(_ -> {}, failure -> LOG.error("pruning ended", failure)));
    }

    void leave(@Observes ShutdownDelayInitiatedEvent event) {
        running.forEach(Cancellable::cancel);
    }

    void stop(@Observes ShutdownEvent event) {
        running.forEach(Cancellable::cancel);
    }

    private Uni<Long> sweepAndRest() {
        return sweep()
                .invoke(outage::ended)
                .invoke(Pruner::tell)
                .onFailure()
                .invoke(outage::began)
                .onFailure()
                .recoverWithItem(0L)
                .call(() -> after(settings.every()));
    }

    private static void tell(long removed) {
        if (removed > 0) {
            LOG.infof("%d runs were past their time and have been removed", removed);
        }
    }

    /// Removes all that is due now, unless somebody else is at it; answers how many runs that were.
    Uni<Long> sweep() {
        return terms.rules()
                .map(Sweep::new)
                .chain(
                        sweep ->
                                Multi.createBy()
                                        .repeating()
                                        .uni(() -> step(sweep))
                                        .whilst(more -> more)
                                        .collect()
                                        .last()
                                        .map(_ -> sweep.removed));
    }

    /// Where one sweep has come to.
    private static final class Sweep {

        private final RetentionRules rules;
        private final Deque<RetentionRule> left;
        private Optional<Place> after = Optional.empty();
        private long removed;

        Sweep(RetentionRules rules) {
            this.rules = rules;
            left = new ArrayDeque<>(rules.rules());
        }
    }

    /// One batch, and the pause after it; answers whether there is more to do.
    private Uni<Boolean> step(Sweep sweep) {
        RetentionRule rule = sweep.left.peek();
        if (rule == null) {
            return Uni.createFrom().item(false);
        }
        return retention
                .prune(
                        new Round(
                                name.value(),
                                GRACE.plus(settings.pause()),
                                rule,
                                sweep.rules,
                                sweep.after,
                                settings.batch()))
                .chain(batch -> goOn(sweep, batch));
    }

    private Uni<Boolean> goOn(Sweep sweep, Batch batch) {
        return switch (batch) {
            case Batch.NotMyTurn() -> Uni.createFrom().item(false);
            case Batch.Removed(var stones, Optional<Place> next) -> {
                metrics.pruned(stones);
                sweep.removed += stones.size();
                sweep.after = next;
                if (next.isEmpty()) {
                    sweep.left.remove();
                }
                yield after(next.isEmpty() ? Duration.ZERO : settings.pause()).replaceWith(true);
            }
        };
    }

    private static Uni<Void> after(Duration time) {
        return time.isZero()
                ? Uni.createFrom().voidItem()
                : Uni.createFrom().voidItem().onItem().delayIt().by(time);
    }
}
