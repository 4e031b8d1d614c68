package dev.signalbox.observe;

import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.retention.Tombstone;
import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.store.ApprovalInbox;
import dev.signalbox.store.JobStore;
import dev.signalbox.store.RunInbox;
import dev.signalbox.store.RunLeases;
import dev.signalbox.store.RunStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.List;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.IntSupplier;

/// What happens to runs, as numbers; [Metric] names them all.
///
/// What is committed is counted by the stores that this observes, after the commit; calls, hints
/// and sessions by those who make them. Numbers are of this process since it started. Guarantee: no
/// method here waits for anything.
@ApplicationScoped
public class RunMetrics {

    private static final String CHAT = "chat";

    private final Meters meters;

    RunMetrics(Meters meters) {
        this.meters = meters;
    }

    /// Metrics that go to `registry`.
    public static RunMetrics to(MeterRegistry registry) {
        return new RunMetrics(new Meters(registry));
    }

    /// The same store, whose submissions and commits are counted.
    public RunStore observed(RunStore store) {
        return new ObservedRunStore(store, meters);
    }

    /// The same leases, whose claims, losses and sweeps are counted.
    public RunLeases observed(RunLeases leases) {
        return new ObservedRunLeases(leases, meters);
    }

    /// The same inbox, whose commands are counted.
    public RunInbox observed(RunInbox inbox) {
        return new ObservedRunInbox(inbox, meters);
    }

    /// The same approvals, whose decisions are counted.
    public ApprovalInbox observed(ApprovalInbox approvals) {
        return new ObservedApprovalInbox(approvals, meters);
    }

    /// The same jobs, whose firings are counted.
    public JobStore observed(JobStore jobs) {
        return new ObservedJobStore(jobs, meters);
    }

    /// The same call of a model, timed.
    ///
    /// @param error the code of an answer that is none
    public <T> Uni<T> modelCall(ModelRef model, Uni<T> call, Function<T, Optional<String>> error) {
        return Ending.of(
                call,
                ending ->
                        meters.time(
                                Metric.MODEL_DURATION,
                                ending.took(),
                                CHAT,
                                provider(model),
                                model.name(),
                                ending.outcome(answer -> error.apply(answer).orElse(""))));
    }

    public void tokens(ModelRef model, TokenUsage usage) {
        String provider = provider(model);
        meters.size(
                Metric.MODEL_TOKENS, usage.inputTokens(), CHAT, provider, model.name(), "input");
        meters.size(
                Metric.MODEL_TOKENS, usage.outputTokens(), CHAT, provider, model.name(), "output");
    }

    public void cost(ModelRef model, BigDecimal dollars) {
        meters.count(Metric.MODEL_COST, dollars.doubleValue(), provider(model), model.name());
    }

    /// The same call of a tool, timed.
    ///
    /// @param outcome what came of it, in one word
    public <T> Uni<T> toolCall(String tool, Uni<T> call, Function<T, String> outcome) {
        return Ending.of(
                call,
                ending ->
                        meters.time(
                                Metric.TOOL_CALLS, ending.took(), tool, ending.outcome(outcome)));
    }

    /// Runs are gone because their time was over.
    public void pruned(List<Tombstone> runs) {
        for (Tombstone run : runs) {
            meters.count(
                    Metric.RUNS_PRUNED,
                    1,
                    run.definition().name(),
                    run.status().name().toLowerCase(Locale.ROOT));
        }
    }

    /// Shows how many calls of models wait because the provider gets no more from this process.
    public void modelCallsWaiting(String provider, IntSupplier waiting) {
        meters.gauge(Metric.MODEL_WAITING, waiting::getAsInt, provider);
    }

    /// Shows how many runs this process is working on.
    public void sessions(IntSupplier busy) {
        meters.gauge(Metric.SESSIONS, busy::getAsInt);
    }

    /// This process takes a hint itself.
    public void wakeupHandedOver() {
        meters.count(Metric.WAKEUPS_HANDED_OVER, 1);
    }

    /// The same sending of a hint, counted.
    public Uni<Void> wakeupSent(Uni<Void> sending) {
        return Ending.of(
                sending,
                ending -> meters.count(Metric.WAKEUPS_SENT, 1, ending.outcome("sent")));
    }

    public void wakeupReceived() {
        meters.count(Metric.WAKEUPS_RECEIVED, 1);
    }

    /// A request off the queue has become a run, or what it became before.
    public void requestAccepted() {
        meters.count(Metric.INTAKE, 1, "accepted", "");
    }

    /// A request off the queue was put aside.
    ///
    /// @param code of the problem with it
    public void requestSetAside(String code) {
        meters.count(Metric.INTAKE, 1, "dead_lettered", code);
    }

    /// A sink has taken an event, that long after it happened.
    public void eventDelivered(String sink, Duration lag) {
        meters.time(Metric.SINK_DELIVERIES, lag.isNegative() ? Duration.ZERO : lag, sink);
    }

    public void eventFailed(String sink) {
        meters.count(Metric.SINK_FAILURES, 1, sink);
    }

    public void eventGivenUp(String sink) {
        meters.count(Metric.SINK_DEAD_LETTERS, 1, sink);
    }

    /// Shows how far a sink is behind.
    public void showLag(String sink, Supplier<Duration> lag) {
        meters.gauge(Metric.SINK_LAG, () -> lag.get().toMillis() / 1000.0, sink);
    }

    /// A hook of the host has thrown or taken too long.
    public void hookFailed(String hook) {
        meters.count(Metric.HOOK_FAILURES, 1, hook);
    }

    private static String provider(ModelRef model) {
        return model.provider().name().toLowerCase(Locale.ROOT);
    }
}
