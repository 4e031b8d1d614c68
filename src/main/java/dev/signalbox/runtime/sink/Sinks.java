package dev.signalbox.runtime.sink;

import dev.signalbox.domain.id.IdSource;
import dev.signalbox.observe.Role;
import dev.signalbox.observe.Roles;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// Opens the sinks of this installation, and serves them in processes that work on runs.
///
/// Guarantee: they are open before this process commits anything to a journal.
@ApplicationScoped
class Sinks {

    private static final Logger LOG = Logger.getLogger(Sinks.class);

    /// How long a sink is kept that no process asks for any more.
    private static final Duration RETIRED = Duration.ofDays(7);

    private static final long PATIENCE_SECONDS = 60;

    /// Before definitions are loaded and workers come.
    private static final int EARLY = 1;

    private final SinkTargets targets;
    private final SinkLoop.Parts parts;
    private final Roles roles;
    private final String worker;
    private final List<EventSink> open = new ArrayList<>();
    private final List<Cancellable> running = new ArrayList<>();

    Sinks(SinkTargets targets, SinkLoop.Parts parts, Roles roles, IdSource ids) {
        this.targets = targets;
        this.parts = parts;
        this.roles = roles;
        this.worker = ids.next().toString();
    }

    void start(@Observes @Priority(EARLY) StartupEvent event) throws Exception {
        if (!roles.has(Role.RUNTIME)) {
            open(roles.has(Role.REQUEST) ? targets.names() : Set.of());
            return;
        }
        List<SinkTargets.Target> all = targets.all();
        open(targets.names());
        all.forEach(this::serve);
    }

    private void open(Set<String> names) throws Exception {
        parts.outbox()
                .open(names, RETIRED)
                .subscribeAsCompletionStage()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void serve(SinkTargets.Target target) {
        open.add(target.sink());
        if (!target.terms().piiSafe()) {
            LOG.warnf(
                    "sink %s shows values as they are (pii-safe is off)", target.terms().name());
        }
        SinkLoop loop = new SinkLoop(target.terms(), worker, target.sink(), parts);
        parts.metrics().showLag(target.terms().name(), loop::lag);
        running.add(
                Multi.createBy()
                        .repeating()
                        .uni(() -> loop.round().chain(Sinks::sleep))
                        .indefinitely()
                        .subscribe()
                        .with(_ -> {}, failure -> LOG.error("a sink is served no more", failure)));
    }

    private static Uni<Boolean> sleep(Duration time) {
        return time.isZero()
                ? Uni.createFrom().item(true)
                : Uni.createFrom().item(true).onItem().delayIt().by(time);
    }

    void stop(@Observes ShutdownEvent event) {
        running.forEach(Cancellable::cancel);
        open.forEach(EventSink::close);
    }
}
