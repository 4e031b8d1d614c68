package dev.signalbox.runtime.schedule;

import dev.signalbox.observe.Role;
import dev.signalbox.observe.Roles;
import dev.signalbox.queue.Outage;
import dev.signalbox.store.JobStore;
import dev.signalbox.store.JobStore.Agenda;
import dev.signalbox.store.JobStore.DueJob;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/// Fires jobs when their time comes.
///
/// It sleeps until the next job is due, by the store's clock, or until it hears that a job has
/// changed; what it does not hear it finds within [#LONGEST]. Every process that works on runs has
/// one, and none leads: the store lets each turn of a job through once.
@ApplicationScoped
class JobScheduler {

    private static final Logger LOG = Logger.getLogger(JobScheduler.class);

    /// Most jobs of one look.
    private static final int JOBS = 64;

    private static final int AT_ONCE = 8;

    /// Longest sleep: how late a change is noticed whose hint was lost.
    static final Duration LONGEST = Duration.ofSeconds(30);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration AFTER_NOTHING = Duration.ofMillis(100);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final JobStore jobs;
    private final JobTurns turns;
    private final Roles roles;
    private final Outage outage = new Outage("the store", "jobs fire when it is back");
    private final AtomicBoolean rung = new AtomicBoolean();
    private final AtomicReference<Runnable> sleeper = new AtomicReference<>(JobScheduler::nobody);
    private final List<Cancellable> running = new ArrayList<>();

    JobScheduler(JobStore jobs, JobTurns turns, Roles roles) {
        this.jobs = jobs;
        this.turns = turns;
        this.roles = roles;
    }

    void start(@Observes StartupEvent event) {
        if (!roles.has(Role.RUNTIME)) {
            return;
        }
        running.add(
                Multi.createFrom()
                        .deferred(jobs::changed)
                        .onFailure()
                        .retry()
                        .withBackOff(SHORTEST_PAUSE, LONGEST_PAUSE)
                        .indefinitely()
                        .subscribe()
                        .with(_ -> ring(), failure -> LOG.error("hearing of jobs ended", failure)));
        running.add(
                Multi.createBy()
                        .repeating()
                        .uni(this::round)
                        .indefinitely()
                        .subscribe()
                        .with(_ -> {}, failure -> LOG.error("firing jobs ended", failure)));
    }

    void leave(@Observes ShutdownDelayInitiatedEvent event) {
        running.forEach(Cancellable::cancel);
    }

    void stop(@Observes ShutdownEvent event) {
        running.forEach(Cancellable::cancel);
    }

    private Uni<Boolean> round() {
        return look()
                .invoke(outage::ended)
                .onFailure()
                .invoke(outage::began)
                .onFailure()
                .recoverWithItem(AFTER_FAILURE)
                .chain(this::sleep);
    }

    /// Lets every job that is due do what it has to do; answers how long there is nothing to do.
    Uni<Duration> look() {
        return Uni.createFrom()
                .deferred(
                        () -> {
                            rung.set(false);
                            return jobs.agenda(JOBS);
                        })
                .chain(agenda -> fire(agenda).map(fired -> pause(agenda, fired)));
    }

    /// How many jobs moved on.
    private Uni<Long> fire(Agenda agenda) {
        return Multi.createFrom()
                .iterable(agenda.due())
                .onItem()
                .transformToUni(due -> fire(due, agenda.now()))
                .merge(AT_ONCE)
                .filter(done -> done)
                .collect()
                .with(Collectors.counting());
    }

    private Uni<Boolean> fire(DueJob due, Instant now) {
        return turns.take(due, now)
                .onFailure()
                .invoke(
                        failure ->
                                LOG.warnf(
                                        "job %s could not be fired: %s",
                                        due.job().name(), failure.getMessage()))
                .onFailure()
                .recoverWithItem(false);
    }

    private static Duration pause(Agenda agenda, long fired) {
        if (!agenda.due().isEmpty()) {
            return fired > 0 ? Duration.ZERO : AFTER_NOTHING;
        }
        return agenda.next()
                .map(next -> Duration.between(agenda.now(), next))
                .filter(wait -> wait.compareTo(LONGEST) < 0)
                .orElse(LONGEST);
    }

    private Uni<Boolean> sleep(Duration time) {
        return time.isZero()
                ? Uni.createFrom().item(true)
                : Uni.combine()
                        .any()
                        .of(bell(), Uni.createFrom().item(true).onItem().delayIt().by(time));
    }

    private Uni<Boolean> bell() {
        return Uni.createFrom()
                .emitter(
                        emitter -> {
                            sleeper.set(() -> emitter.complete(true));
                            if (rung.get()) {
                                emitter.complete(true);
                            }
                        });
    }

    private void ring() {
        rung.set(true);
        sleeper.getAndSet(JobScheduler::nobody).run();
    }

    private static void nobody() {}
}
