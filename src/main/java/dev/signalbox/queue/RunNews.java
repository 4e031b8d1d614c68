package dev.signalbox.queue;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.RunSummary;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Tells those of this process who watch a run that its journal has grown here. Only a shortcut:
/// what other processes commit is found by looking.
@ApplicationScoped
public class RunNews {

    private final Map<RunId, Set<MultiEmitter<? super RunSummary>>> watchers =
            new ConcurrentHashMap<>();

    /// Says what the run is after its journal has grown. Returns at once.
    public void grown(RunSummary run) {
        watchers.getOrDefault(run.identity().id(), Set.of()).forEach(watcher -> watcher.emit(run));
    }

    /// The run each time that its journal grows, as of the subscription; only the newest if they
    /// come faster than they are taken.
    public Multi<RunSummary> of(RunId id) {
        return Multi.createFrom()
                .<RunSummary>emitter(watcher -> join(id, watcher), BackPressureStrategy.LATEST);
    }

    private void join(RunId id, MultiEmitter<? super RunSummary> watcher) {
        watchers.compute(
                id,
                (_, others) -> {
                    Set<MultiEmitter<? super RunSummary>> all =
                            others == null ? ConcurrentHashMap.newKeySet() : others;
                    all.add(watcher);
                    return all;
                });
        watcher.onTermination(() -> leave(id, watcher));
    }

    private void leave(RunId id, MultiEmitter<? super RunSummary> watcher) {
        watchers.computeIfPresent(
                id,
                (_, others) -> {
                    others.remove(watcher);
                    return others.isEmpty() ? null : others;
                });
    }
}
