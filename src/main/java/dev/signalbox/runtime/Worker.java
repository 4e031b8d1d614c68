package dev.signalbox.runtime;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.observe.Telemetry;
import dev.signalbox.store.Claim;
import dev.signalbox.store.Lease;
import dev.signalbox.store.RunInbox;
import dev.signalbox.store.RunLeases;
import dev.signalbox.store.StaleLeaseException;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/// Works on runs: claims one that is due, drives it until it rests, lets go.
///
/// Guarantee: a run is driven by at most one session of this process, and the store's fence sees to
/// it that of several processes only the newest claim writes.
@ApplicationScoped
class Worker {

    private static final Logger LOG = Logger.getLogger(Worker.class);

    private final RunLeases leases;
    private final RunInbox inbox;
    private final RunLoader loader;
    private final RunPipeline pipeline;
    private final RuntimeSettings settings;
    private final WorkerName name;
    private final Tracer tracer;
    private final Map<RunId, Active> active = new ConcurrentHashMap<>();
    private volatile boolean leaving;

    private record Active(Lease lease, SessionControl control) {}

    Worker(
            RunLeases leases,
            RunInbox inbox,
            RunLoader loader,
            RunPipeline pipeline,
            RuntimeSettings settings,
            WorkerName name,
            OpenTelemetry telemetry) {
        this.leases = leases;
        this.inbox = inbox;
        this.loader = loader;
        this.pipeline = pipeline;
        this.settings = settings;
        this.name = name;
        this.tracer = telemetry.getTracer(Telemetry.SCOPE);
    }

    /// Takes the run if it is due and free.
    Uni<Optional<Claim>> claim(RunId id) {
        return active.containsKey(id)
                ? Uni.createFrom().item(Optional.empty())
                : leases.claim(id, name.value(), settings.lease());
    }

    /// Drives a claimed run until it rests. Never fails: what goes wrong is logged, and the run is
    /// claimed again when its lease is over.
    Uni<Void> drive(Claim claim) {
        RunId id = claim.lease().runId();
        SessionControl control = new SessionControl();
        active.put(id, new Active(claim.lease(), control));
        if (leaving) {
            control.stop();
        }
        return loader.load(claim)
                .chain(session -> drive(session, control))
                .onFailure()
                .recoverWithUni(failure -> brokenOff(claim, failure))
                .onTermination()
                .invoke(() -> active.remove(id));
    }

    private Uni<Void> drive(RunSession session, SessionControl control) {
        SessionTrace trace =
                SessionTrace.begin(tracer, session.progress().identity(), session.spanBeforeRest());
        return pipeline.drive(session, control, trace)
                .invoke(() -> trace.end(session.state()))
                .onFailure()
                .invoke(trace::breakOff)
                .chain(() -> control.stopping() ? giveBack(session) : Uni.createFrom().voidItem());
    }

    private Uni<Void> giveBack(RunSession session) {
        return session.state().status().settled()
                ? Uni.createFrom().voidItem()
                : leases.release(session.lease());
    }

    private Uni<Void> brokenOff(Claim claim, Throwable failure) {
        if (failure instanceof StaleLeaseException) {
            LOG.infof("%s: left to its newer worker", failure.getMessage());
            return Uni.createFrom().voidItem();
        }
        if (RunPipeline.unavailable(failure)) {
            LOG.warnf(
                    "run %s waits for the store: %s", claim.lease().runId(), failure.getMessage());
            return Uni.createFrom().voidItem();
        }
        LOG.errorf(failure, "run %s broke off", claim.lease().runId());
        return loader.load(claim)
                .chain(pipeline::holdBroken)
                .onFailure()
                .invoke(again -> LOG.errorf(again, "run %s cannot be held", claim.lease().runId()))
                .onFailure()
                .recoverWithNull();
    }

    /// Gives the sign of life for every run that this process drives.
    Uni<Void> renew() {
        List<Lease> held = active.values().stream().map(Active::lease).toList();
        if (held.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return leases.renew(held, settings.lease())
                .invoke(kept -> stopLost(held, kept))
                .replaceWithVoid();
    }

    private void stopLost(List<Lease> held, Set<RunId> kept) {
        for (Lease lease : held) {
            Active session = active.get(lease.runId());
            if (session != null && session.lease().equals(lease) && !kept.contains(lease.runId())) {
                LOG.warnf("run %s: the lease is lost", lease.runId());
                session.control().stop();
            }
        }
    }

    /// Somebody woke a run: if this process is asking a model for it and the run is to be cancelled
    /// or held, the call is given up.
    Uni<Void> noticed(RunId id) {
        Active session = active.get(id);
        if (session == null) {
            return Uni.createFrom().voidItem();
        }
        return inbox.read(id)
                .invoke(
                        answers -> {
                            if (answers.commands().stream()
                                    .anyMatch(command -> stops(command.ask()))) {
                                session.control().interrupt();
                            }
                        })
                .replaceWithVoid();
    }

    private static boolean stops(Ask ask) {
        return switch (ask) {
            case Ask.Cancel _, Ask.HoldRun _ -> true;
            case Ask.Pause _,
                    Ask.Resume _,
                    Ask.Steer _,
                    Ask.Signal _,
                    Ask.ChildSettled _,
                    Ask.Release _,
                    Ask.RaiseBudget _,
                    Ask.Reconcile _ ->
                    false;
        };
    }

    /// Asks every session to stop at its next safe point, those that are still to begin too.
    void stopAll() {
        leaving = true;
        active.values().forEach(session -> session.control().stop());
    }
}
