package dev.signalbox.queue;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.store.Broadcasts;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Carries what models are saying to those who watch, in whatever process either of them is.
///
/// Guarantee: nothing of it is kept, and nobody who says something waits for anybody. Consequence:
/// parts may be missing; the journal has the whole text. Nothing is asked for in parts unless
/// somebody watches when the call begins.
@ApplicationScoped
public class ModelDeltas {

    private static final Logger LOG = Logger.getLogger(ModelDeltas.class);

    /// How often those who watch say so again to other processes.
    private static final Duration AGAIN = Duration.ofSeconds(15);

    private static final Duration FORGOTTEN = Duration.ofSeconds(40);

    private final Broadcasts broadcasts;
    private final InstantSource clock;
    private final String self = UUID.randomUUID().toString();
    private final Map<RunId, Set<MultiEmitter<? super ModelDelta>>> watchers =
            new ConcurrentHashMap<>();
    private final Map<RunId, Instant> watchedElsewhere = new ConcurrentHashMap<>();
    private @Nullable Cancellable listening;

    public ModelDeltas(Broadcasts broadcasts, InstantSource clock) {
        this.broadcasts = broadcasts;
        this.clock = clock;
    }

    void listen(@Observes StartupEvent event) {
        listening =
                broadcasts
                        .heard()
                        .subscribe()
                        .with(
                                this::hear,
                                failure -> LOG.warn("model deltas are no longer heard", failure));
    }

    @PreDestroy
    void stop() {
        if (listening != null) {
            listening.cancel();
        }
    }

    /// What the run's models say from now on, until `end`.
    public Multi<ModelDelta> of(RunId id, Uni<Void> end) {
        return Multi.createFrom()
                .emitter(
                        watcher -> {
                            join(id, watcher);
                            Cancellable announced =
                                    Multi.createFrom()
                                            .ticks()
                                            .every(AGAIN)
                                            .onOverflow()
                                            .drop()
                                            .subscribe()
                                            .with(_ -> announce(id), ModelDeltas::lost);
                            Cancellable ended =
                                    end.subscribe()
                                            .with(_ -> watcher.complete(), _ -> watcher.complete());
                            watcher.onTermination(
                                    () -> {
                                        announced.cancel();
                                        ended.cancel();
                                        leave(id, watcher);
                                    });
                        });
    }

    /// Somebody to tell the text of a call to, if anybody watches.
    public Optional<Speaker> speaker(RunId run, EffectId effect, int attempt) {
        return watchers.containsKey(run) || watchedElsewhere(run)
                ? Optional.of(
                        new Speaker(
                                (offset, text) ->
                                        say(new ModelDelta(run, effect, attempt, offset, text))))
                : Optional.empty();
    }

    private Uni<Void> say(ModelDelta delta) {
        tell(delta);
        return watchedElsewhere(delta.runId())
                ? broadcasts.say(DeltaWords.said(self, delta)).onFailure().invoke(ModelDeltas::lost)
                : Uni.createFrom().voidItem();
    }

    private void tell(ModelDelta delta) {
        watchers.getOrDefault(delta.runId(), Set.of()).forEach(watcher -> watcher.emit(delta));
    }

    private boolean watchedElsewhere(RunId run) {
        Instant until = watchedElsewhere.get(run);
        return until != null && until.isAfter(clock.instant());
    }

    private void hear(String words) {
        switch (DeltaWords.parse(words)) {
            case DeltaWords.Said(String by, ModelDelta delta) when !by.equals(self) -> tell(delta);
            case DeltaWords.Watched(String by, RunId run) when !by.equals(self) -> {
                Instant now = clock.instant();
                watchedElsewhere.values().removeIf(until -> !until.isAfter(now));
                watchedElsewhere.put(run, now.plus(FORGOTTEN));
            }
            case DeltaWords.Said _, DeltaWords.Watched _, DeltaWords.Other _ -> {}
        }
    }

    private void announce(RunId id) {
        broadcasts
                .say(DeltaWords.watched(self, id))
                .subscribe()
                .with(_ -> {}, ModelDeltas::lost);
    }

    private static void lost(Throwable failure) {
        LOG.debug("words to other processes were lost", failure);
    }

    private void join(RunId id, MultiEmitter<? super ModelDelta> watcher) {
        watchers.compute(
                id,
                (_, others) -> {
                    Set<MultiEmitter<? super ModelDelta>> all =
                            others == null ? ConcurrentHashMap.newKeySet() : others;
                    all.add(watcher);
                    return all;
                });
    }

    private void leave(RunId id, MultiEmitter<? super ModelDelta> watcher) {
        watchers.computeIfPresent(
                id,
                (_, others) -> {
                    others.remove(watcher);
                    return others.isEmpty() ? null : others;
                });
    }
}
