package dev.signalbox.queue;

import dev.signalbox.domain.id.RunId;
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

    private final Map<RunId, Set<MultiEmitter<? super RunId>>> watchers = new ConcurrentHashMap<>();

    /// Says that the run's journal has grown. Returns at once.
    public void grown(RunId id) {
        watchers.getOrDefault(id, Set.of()).forEach(watcher -> watcher.emit(id));
    }

    /// The run's id each time that its journal grows, as of the subscription; several at once may
    /// become one.
    public Multi<RunId> of(RunId id) {
        return Multi.createFrom()
                .<RunId>emitter(watcher -> join(id, watcher), BackPressureStrategy.LATEST);
    }

    private void join(RunId id, MultiEmitter<? super RunId> watcher) {
        watchers.compute(
                id,
                (_, others) -> {
                    Set<MultiEmitter<? super RunId>> all =
                            others == null ? ConcurrentHashMap.newKeySet() : others;
                    all.add(watcher);
                    return all;
                });
        watcher.onTermination(() -> leave(id, watcher));
    }

    private void leave(RunId id, MultiEmitter<? super RunId> watcher) {
        watchers.computeIfPresent(
                id,
                (_, others) -> {
                    others.remove(watcher);
                    return others.isEmpty() ? null : others;
                });
    }
}
