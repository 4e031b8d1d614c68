package dev.signalbox.runtime.sink;

import dev.signalbox.domain.json.Redactor;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.ApprovalRequested;
import dev.signalbox.domain.run.RunEvent.ApprovalResolved;
import dev.signalbox.domain.run.RunEvent.PolicyDecided;
import dev.signalbox.domain.run.RunEvent.RunCancelled;
import dev.signalbox.domain.run.RunEvent.RunCompleted;
import dev.signalbox.domain.run.RunEvent.RunFailed;
import dev.signalbox.domain.run.RunEvent.VerificationCompleted;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.governance.GovernanceHooks;
import dev.signalbox.governance.GovernanceHooks.Occasion;
import dev.signalbox.governance.GovernanceHooks.Settlement;
import dev.signalbox.observe.RunMetrics;
import dev.signalbox.runtime.sink.SinkTargets.Target;
import dev.signalbox.runtime.sink.SinkTerms.Globs;
import dev.signalbox.wire.EventCodec;
import io.quarkus.arc.All;
import io.quarkus.arc.ClientProxy;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;

/// The host's [GovernanceHooks], served as a sink of its own.
@ApplicationScoped
class HookSink implements EventSink {

    static final String NAME = "governance-hooks";

    private static final Logger LOG = Logger.getLogger(HookSink.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final List<String> TYPES =
            List.of(
                    "dev.signalbox.journal.policy_decided",
                    OutgoingEvent.APPROVALS,
                    "dev.signalbox.journal.verification_completed",
                    "dev.signalbox.run.completed",
                    "dev.signalbox.run.failed",
                    "dev.signalbox.run.cancelled");

    private final List<GovernanceHooks> hooks;
    private final Redactor redactor;
    private final RunMetrics metrics;
    private final Duration patience;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @Inject
    HookSink(@All List<GovernanceHooks> hooks, Redactor redactor, RunMetrics metrics) {
        this(hooks, redactor, metrics, PATIENCE);
    }

    HookSink(
            List<GovernanceHooks> hooks, Redactor redactor, RunMetrics metrics, Duration patience) {
        this.hooks = List.copyOf(hooks);
        this.redactor = redactor;
        this.metrics = metrics;
        this.patience = patience;
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }

    /// Empty if the host has no hooks: then nothing is noted for them.
    Optional<Target> target() {
        return hooks.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Target(
                                new SinkTerms(
                                        NAME,
                                        true,
                                        Globs.of(TYPES),
                                        Globs.of(List.of("*")),
                                        Globs.of(List.of("*")),
                                        OptionalInt.empty(),
                                        SinkTerms.lease(patience.multipliedBy(hooks.size()))),
                                this));
    }

    @Override
    public Uni<Void> send(OutgoingEvent event) {
        JournalEntry entry = event.entry();
        Occasion occasion =
                new Occasion(event.run(), entry.seq(), entry.at(), entry.hash(), event.tool());
        RunEvent what = EventCodec.placed(entry).event();
        return Multi.createFrom()
                .iterable(hooks)
                .onItem()
                .transformToUniAndConcatenate(hook -> call(hook, occasion, what))
                .onItem()
                .ignoreAsUni();
    }

    /// Never fails.
    private Uni<Void> call(GovernanceHooks hook, Occasion occasion, RunEvent event) {
        return Uni.createFrom()
                .<Void>emitter(
                        emitter -> {
                            Future<?> running =
                                    threads.submit(
                                            () -> {
                                                try {
                                                    tell(hook, occasion, event);
                                                    emitter.complete(null);
                                                } catch (Throwable thrown) {
                                                    emitter.fail(thrown);
                                                }
                                            });
                            emitter.onTermination(() -> running.cancel(true));
                        })
                .ifNoItem()
                .after(patience)
                .fail()
                .onFailure()
                .invoke(failure -> failed(hook, occasion, failure))
                .onFailure()
                .recoverWithNull();
    }

    private static void tell(GovernanceHooks hook, Occasion occasion, RunEvent event) {
        switch (event) {
            case PolicyDecided decision -> hook.policyDecided(occasion, decision);
            case ApprovalRequested request -> hook.approvalRequested(occasion, request);
            case ApprovalResolved resolution -> hook.approvalResolved(occasion, resolution);
            case VerificationCompleted verification ->
                    hook.verifierCompleted(occasion, verification);
            case RunCompleted(var output) ->
                    hook.runSettled(
                            occasion,
                            new Settlement(
                                    RunStatus.COMPLETED, Optional.of(output), Optional.empty()));
            case RunFailed(var error) ->
                    hook.runSettled(
                            occasion,
                            new Settlement(RunStatus.FAILED, Optional.empty(), Optional.of(error)));
            case RunCancelled(String by, String reason) ->
                    hook.runSettled(
                            occasion,
                            new Settlement(
                                    RunStatus.CANCELLED,
                                    Optional.empty(),
                                    Optional.of(
                                            new RunError(
                                                    "cancelled",
                                                    "cancelled by " + by + ": " + reason))));
            default -> throw new IllegalStateException("no hook is for " + event.getClass());
        }
    }

    private void failed(GovernanceHooks hook, Occasion occasion, Throwable failure) {
        Class<?> type = ClientProxy.unwrap(hook).getClass();
        String name = type.isAnonymousClass() ? type.getName() : type.getSimpleName();
        metrics.hookFailed(name);
        LOG.errorf(
                "hook %s failed on event %s: %s",
                name, occasion.id(), redactor.redact(String.valueOf(failure)));
    }
}
