package dev.signalbox.runtime.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Redactor;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.PolicyDecided;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.governance.GovernanceHooks;
import dev.signalbox.observe.RunMetrics;
import dev.signalbox.runtime.sink.EventContents.Content;
import dev.signalbox.support.Journals;
import dev.signalbox.support.LogLines;
import dev.signalbox.wire.EventCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/// The host's code can neither block nor fail what it hears of.
class HookSinkTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration SOON = Duration.ofSeconds(60);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Journals run = Journals.of("greeter", "{}", NOW);

    /// Hears of everything.
    private static final class Listener implements GovernanceHooks {

        private final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public void policyDecided(Occasion occasion, PolicyDecided decision) {
            heard.add(occasion.id() + " " + occasion.tool().orElse("?") + " " + decision.verdict());
        }

        @Override
        public void runSettled(Occasion occasion, Settlement settlement) {
            heard.add(
                    settlement.status()
                            + settlement.error().map(RunError::message).orElse(" well"));
        }
    }

    @Test
    void eachHookHearsWhatItIsFor() {
        Listener listener = new Listener();
        HookSink sink = sink(List.of(listener));

        send(sink, decision());
        send(sink, new RunEvent.RunFailed(new RunError("x", " badly")));
        send(sink, new RunEvent.RunCancelled("alice", "enough"));
        send(
                sink,
                new RunEvent.VerificationCompleted(
                        1, Optional.empty(), Optional.empty(), Optional.empty()));

        assertThat(listener.heard)
                .containsExactly(
                        run.id() + "/7 payments.refund DENY",
                        RunStatus.FAILED + " badly",
                        RunStatus.CANCELLED + "cancelled by alice: enough");
    }

    @Test
    void oneThatThrowsIsLoggedRedactedAndCountedAndTheOthersHear() {
        // Given
        GovernanceHooks thrower =
                new GovernanceHooks() {
                    @Override
                    public void policyDecided(Occasion occasion, PolicyDecided decision) {
                        throw new IllegalStateException("password=planted-hunter2");
                    }
                };
        Listener listener = new Listener();
        HookSink sink = sink(List.of(thrower, listener));

        // When
        List<String> logged;
        try (LogLines log = LogLines.set()) {
            send(sink, decision());
            logged = log.lines();
        }

        // Then
        assertThat(listener.heard).hasSize(1);
        assertThat(logged.toString()).contains("[redacted]").doesNotContain("planted-hunter2");
        assertThat(registry.get("signalbox.hooks.failures").counter().count()).isEqualTo(1);
    }

    @Test
    void oneThatDoesNotComeBackIsInterruptedAndCounted() throws InterruptedException {
        // Given
        List<String> interrupted = new CopyOnWriteArrayList<>();
        GovernanceHooks sleeper =
                new GovernanceHooks() {
                    @Override
                    public void policyDecided(Occasion occasion, PolicyDecided decision) {
                        try {
                            Thread.sleep(600_000);
                        } catch (InterruptedException _) {
                            interrupted.add(occasion.id());
                        }
                    }
                };
        Listener listener = new Listener();

        // When
        send(sink(List.of(sleeper, listener), Duration.ofSeconds(2)), decision());

        // Then
        assertThat(listener.heard).hasSize(1);
        assertThat(registry.get("signalbox.hooks.failures").counter().count()).isEqualTo(1);
        long end = System.nanoTime() + SOON.toNanos();
        while (interrupted.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertThat(interrupted).hasSize(1);
    }

    @Test
    void withoutHooksNothingIsServed() {
        assertThat(sink(List.of()).target()).isEmpty();
        assertThat(sink(List.of(new Listener())).target()).isPresent();
    }

    private RunEvent decision() {
        return new PolicyDecided(
                run.call(),
                Verdict.DENY,
                "support",
                run.callDigest(),
                Optional.empty(),
                "no",
                Optional.empty());
    }

    private HookSink sink(List<GovernanceHooks> hooks) {
        return sink(hooks, SOON);
    }

    private HookSink sink(List<GovernanceHooks> hooks, Duration patience) {
        return new HookSink(hooks, Redactor.DEFAULT, RunMetrics.to(registry), patience);
    }

    private void send(HookSink sink, RunEvent event) {
        JournalEntry entry = EventCodec.link(run.id(), 7, NOW, event, JournalEntry.GENESIS);
        RunEvent.RunSubmitted submitted = (RunEvent.RunSubmitted) run.history().getFirst().event();
        sink.send(
                        new OutgoingEvent(
                                submitted.identity(),
                                entry,
                                Optional.of("payments.refund"),
                                new Content(entry.data(), JsonObject.EMPTY)))
                .await()
                .atMost(SOON);
    }
}
