package dev.signalbox.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.ApprovalOutcome;
import dev.signalbox.domain.run.RunEvent.FailureKind;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.run.Usage;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.domain.verify.VerifyRule.OnFail;
import dev.signalbox.store.RunChange;
import dev.signalbox.wire.EventCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Events as they really are on the wire, and what is counted of them.
class CommittedEventsTest {

    private static final RunId RUN = new RunId(new UUID(0x0190_0000_0000_7000L, 1));
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Digest VALUE = Digest.of("value");
    private static final EffectId CALL = EffectId.toolCall(RUN, 1);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CommittedEvents events = new CommittedEvents(new Meters(registry));

    @Test
    void aPolicyDecisionIsCountedByVerdictAndRule() {
        commit(RunStatus.RUNNING, decided(Optional.of("big-refund")), decided(Optional.empty()));

        assertThat(count("signalbox.policy.decisions", "rule", "big-refund")).isOne();
        assertThat(count("signalbox.policy.decisions", "rule", "none")).isOne();
        assertThat(count("signalbox.policy.decisions", "verdict", "require_approval")).isEqualTo(2);
        assertThat(count("signalbox.policy.decisions", "policy", "support")).isEqualTo(2);
        assertThat(registry.get("signalbox.journal.events").summary().max()).isEqualTo(2);
    }

    @Test
    void aCallThatNoPolicyWasAskedAboutIsARefusal() {
        commit(RunStatus.RUNNING, toolFailed(0, "unknown_tool"), toolFailed(1, "timeout"));

        assertThat(count("signalbox.tool.refusals", "reason", "unknown_tool")).isOne();
        assertThat(registry.find("signalbox.tool.refusals").tag("reason", "timeout").counter())
                .isNull();
    }

    @Test
    void restsAreCountedByWhatTheRunRestsFor() {
        commit(
                RunStatus.HELD,
                new RunEvent.RunWaiting(
                        new WaitingOn(
                                WaitingOn.Kind.APPROVAL,
                                NOON,
                                "",
                                Optional.empty(),
                                Optional.empty()),
                        Optional.empty()),
                new RunEvent.RunHeld(
                        new Hold(
                                Hold.Reason.UNKNOWN_OUTCOME,
                                "",
                                Optional.empty(),
                                Optional.empty()),
                        Optional.empty()));

        assertThat(count("signalbox.runs.waiting", "kind", "approval")).isOne();
        assertThat(count("signalbox.runs.held", "reason", "unknown_outcome")).isOne();
    }

    @Test
    void outcomesOfApprovalsAndVerificationsAreCounted() {
        commit(
                RunStatus.RUNNING,
                new RunEvent.ApprovalResolved(
                        CALL,
                        new ApprovalId(new UUID(1, 2)),
                        ApprovalOutcome.EXPIRED,
                        List.of(),
                        "",
                        Optional.empty()),
                verified(Optional.of(OnFail.REVISE), Optional.empty()),
                verified(Optional.empty(), Optional.of(VALUE)));

        assertThat(count("signalbox.approvals.resolved", "outcome", "expired")).isOne();
        assertThat(count("signalbox.verifications", "outcome", "revise")).isOne();
        assertThat(count("signalbox.verifications", "outcome", "passed")).isOne();
    }

    @Test
    void beginningAndEndAreTimedFromTheSubmissionOn() {
        commit(
                RunStatus.FAILED,
                new RunEvent.RunStarted("worker"),
                new RunEvent.RunFailed(new RunError("broken", "It broke.")));

        assertThat(count("signalbox.runs.settled", "status", "failed")).isOne();
        assertThat(count("signalbox.runs.settled", "definition", "agent")).isOne();
        assertThat(registry.get("signalbox.runs.duration").timer().totalTime(TimeUnit.SECONDS))
                .isEqualTo(60);
        assertThat(registry.get("signalbox.runs.start.delay").timer().totalTime(TimeUnit.SECONDS))
                .isEqualTo(60);
    }

    private void commit(RunStatus status, RunEvent... recorded) {
        List<JournalEntry> entries = new ArrayList<>();
        Digest last = JournalEntry.GENESIS;
        for (RunEvent event : recorded) {
            JournalEntry entry =
                    EventCodec.link(RUN, entries.size() + 2, NOON.plusSeconds(60), event, last);
            entries.add(entry);
            last = entry.hash();
        }
        events.count(
                new RunChange(
                        entries,
                        summary(status, entries.getLast()),
                        Map.of(),
                        List.of(),
                        Map.of(),
                        Set.of(),
                        new RunChange.Next.Continue()));
    }

    private static RunSummary summary(RunStatus status, JournalEntry head) {
        return new RunSummary(
                new RunIdentity(
                        RUN,
                        new DefinitionRef(DefinitionRef.Kind.AGENT, "agent", "1.0.0", VALUE),
                        "default",
                        "svc-shop",
                        Map.of(),
                        5,
                        VALUE,
                        Optional.empty(),
                        Lineage.rootOf(RUN),
                        "0af7651916cd43dd8448eb211c80319c",
                        Optional.empty(),
                        NOON),
                status,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                head.at(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Usage.NONE,
                head.seq(),
                head.hash());
    }

    private static RunEvent decided(Optional<String> rule) {
        return new RunEvent.PolicyDecided(
                CALL,
                Verdict.REQUIRE_APPROVAL,
                "support",
                VALUE,
                rule,
                "above the limit",
                Optional.empty());
    }

    private static RunEvent toolFailed(int attempt, String code) {
        return new RunEvent.ToolFailed(
                CALL, attempt, FailureKind.PERMANENT, code, "", Optional.empty(), Optional.empty());
    }

    private static RunEvent verified(Optional<OnFail> onFail, Optional<Digest> output) {
        return new RunEvent.VerificationCompleted(
                1, onFail.isPresent() ? Optional.of(VALUE) : Optional.empty(), onFail, output);
    }

    private double count(String name, String tag, String value) {
        return registry.get(name).tag(tag, value).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }
}
