package dev.signalbox.domain.run;

import dev.signalbox.domain.approval.ApprovalTerms;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.RunEvent.ApprovalOutcome;
import dev.signalbox.domain.run.RunEvent.FailureKind;
import dev.signalbox.domain.run.RunEvent.ProposedCall;
import dev.signalbox.domain.run.RunEvent.SignalType;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.domain.tool.SideEffect;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/// Random histories: events drawn from everything that there is, kept when the state allows them.
final class Histories {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final RunId RUN = new RunId(new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0001L));
    static final Digest VALUE = Digest.of("value");

    private static final ApprovalTerms TERMS =
            new ApprovalTerms(
                    List.of("role:lead"), 1, true, Optional.empty(), ApprovalTerms.OnExpiry.REJECT);

    private Histories() {}

    static RunIdentity identity() {
        return new RunIdentity(
                RUN,
                new DefinitionRef(DefinitionRef.Kind.AGENT, "agent", "1.0.0", VALUE),
                "default",
                "someone",
                Map.of(),
                5,
                VALUE,
                Optional.empty(),
                Lineage.rootOf(RUN),
                "0af7651916cd43dd8448eb211c80319c",
                Optional.empty(),
                START);
    }

    /// A legal history of at most `length` events.
    static List<Placed> legal(long seed, int length) {
        Random random = new Random(seed);
        List<Placed> history = new ArrayList<>();
        history.add(new Placed(1, START, new RunEvent.RunSubmitted(identity())));
        RunState state = RunFold.begin(history.getFirst());
        for (int tries = 0; history.size() < length && tries < length * 60; tries++) {
            Placed candidate =
                    new Placed(
                            history.size() + 1L,
                            START.plusSeconds(history.size()),
                            any(random, state.progress()));
            try {
                state = RunFold.evolve(state, candidate);
                history.add(candidate);
            } catch (IllegalHistoryException _) {
                // not legal here: draw again
            }
        }
        return history;
    }

    private static <T> T pick(Random random, T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    /// Any event at all, with ids that have a chance to fit.
    static RunEvent any(Random random, Progress progress) {
        EffectId model = EffectId.modelCall(RUN, progress.usage().modelCalls() + random.nextInt(2));
        EffectId tool = EffectId.toolCall(RUN, 1 + random.nextInt(progress.proposals() + 1));
        int attempt = 1 + random.nextInt(2);
        ApprovalId approval = new ApprovalId(new UUID(1, random.nextInt(2)));
        Optional<Instant> retry =
                random.nextBoolean() ? Optional.of(START.plusSeconds(99)) : Optional.empty();
        return switch (random.nextInt(26)) {
            case 0 -> new RunEvent.RunStarted("worker");
            case 1, 2 -> new RunEvent.ModelRequested(model, attempt, "scripted", "script");
            case 3, 4 ->
                    new RunEvent.ModelCompleted(
                            model,
                            Optional.of(VALUE),
                            random.nextBoolean()
                                    ? List.of()
                                    : List.of(
                                            new ProposedCall("a", "one", VALUE),
                                            new ProposedCall("b", "two", VALUE)),
                            new TokenUsage(3, 4),
                            Optional.of(BigDecimal.ZERO),
                            "script",
                            "stop",
                            true);
            case 5 -> new RunEvent.ModelFailed(model, attempt, "timeout", "slow", retry);
            case 6, 7 ->
                    new RunEvent.ToolProposed(
                            EffectId.toolCall(RUN, progress.proposals() + 1),
                            random.nextBoolean() ? "a" : "b",
                            "one",
                            VALUE,
                            VALUE,
                            Optional.empty());
            case 8, 9 ->
                    new RunEvent.PolicyDecided(
                            tool,
                            pick(random, Verdict.values()),
                            "policy",
                            VALUE,
                            Optional.of("rule"),
                            "because",
                            Optional.empty());
            case 10 ->
                    new RunEvent.ApprovalRequested(
                            tool,
                            approval,
                            VALUE,
                            SideEffect.EXTERNAL_WRITE,
                            TERMS,
                            Optional.empty());
            case 11 ->
                    new RunEvent.ApprovalResolved(
                            tool,
                            approval,
                            pick(random, ApprovalOutcome.values()),
                            List.of("lead"),
                            "fine",
                            Optional.of(VALUE));
            case 12, 13 -> new RunEvent.ToolStarted(tool, attempt);
            case 14 -> new RunEvent.ToolCompleted(tool, attempt, VALUE);
            case 15 ->
                    new RunEvent.ToolFailed(
                            tool,
                            attempt,
                            pick(random, FailureKind.values()),
                            "http_500",
                            "no",
                            Optional.empty(),
                            retry);
            case 16 ->
                    new RunEvent.EffectReconciled(
                            tool, random.nextBoolean(), Optional.of(VALUE), "lead", "asked");
            case 17 ->
                    random.nextBoolean()
                            ? new RunEvent.VerificationCompleted(
                                    1, Optional.of(VALUE), Optional.empty(), Optional.empty())
                            : new RunEvent.VerificationCompleted(
                                    1, Optional.empty(), Optional.empty(), Optional.of(VALUE));
            case 18 -> new RunEvent.CheckpointSaved("here");
            case 19 ->
                    new RunEvent.SignalReceived(
                            new CommandId(new UUID(2, 2)),
                            pick(random, SignalType.values()),
                            Optional.of(VALUE),
                            "someone");
            case 20 ->
                    new RunEvent.RunWaiting(
                            new WaitingOn(
                                    WaitingOn.Kind.TIMER,
                                    START,
                                    "Waits.",
                                    Optional.empty(),
                                    Optional.empty()),
                            Optional.empty());
            case 21 -> new RunEvent.RunResumed("worker", "time");
            case 22 ->
                    new RunEvent.RunHeld(
                            new Hold(
                                    Hold.Reason.OPERATOR,
                                    "Held.",
                                    Optional.empty(),
                                    Optional.of("lead")),
                            Optional.empty());
            case 23 -> new RunEvent.RunReleased("lead", "go on");
            case 24 ->
                    random.nextInt(4) == 0
                            ? new RunEvent.RunCompleted(VALUE)
                            : new RunEvent.TimerFired("retry");
            default ->
                    random.nextInt(6) == 0
                            ? new RunEvent.RunCancelled("someone", "enough")
                            : new RunEvent.TimerSet("retry", START);
        };
    }
}
