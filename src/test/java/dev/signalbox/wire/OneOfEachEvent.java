package dev.signalbox.wire;

import dev.signalbox.domain.approval.ApprovalTerms;
import dev.signalbox.domain.approval.ApprovalTerms.OnExpiry;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.run.Lineage.BranchPoint;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.ApprovalOutcome;
import dev.signalbox.domain.run.RunEvent.FailureKind;
import dev.signalbox.domain.run.RunEvent.ProposedCall;
import dev.signalbox.domain.run.RunEvent.SignalType;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.Shortage;
import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.domain.run.Usage;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.domain.tool.SideEffect;
import dev.signalbox.domain.verify.VerifyRule.OnFail;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// One event of each type with every field filled, and of those with optional fields one without.
public final class OneOfEachEvent {

    public static final RunId RUN = RunId.of("0190a3c4-0000-7000-8000-000000000001");
    public static final Instant AT = Instant.parse("2026-01-02T03:04:05.678901Z");
    private static final Instant LATER = Instant.parse("2026-01-02T03:05:00Z");
    private static final Digest VALUE = Digest.of("value");
    private static final EffectId MODEL = EffectId.modelCall(RUN, 1);
    private static final EffectId TOOL = EffectId.toolCall(RUN, 1);
    private static final ApprovalId APPROVAL = new ApprovalId(new UUID(1, 2));
    private static final ApprovalTerms TERMS =
            new ApprovalTerms(
                    List.of("role:lead", "user:alice"),
                    2,
                    true,
                    Optional.of(Duration.ofMinutes(90)),
                    OnExpiry.HOLD);
    private static final String ODD = "Grüße \"quoted\" \\ 🚂 \n \0 end";

    private static final Budget BUDGET =
            new Budget(
                    Optional.of(1L),
                    Optional.of(2L),
                    Optional.of(3L),
                    Optional.of(new BigDecimal("0.50")),
                    Optional.of(Duration.ofMinutes(90)),
                    Optional.of(4L));

    private OneOfEachEvent() {}

    public static List<RunEvent> full() {
        return List.of(
                new RunEvent.RunSubmitted(
                        new RunIdentity(
                                RUN,
                                new DefinitionRef(
                                        DefinitionRef.Kind.AGENT, "refund-agent", "1.0.0", VALUE),
                                "default",
                                "svc-shop",
                                Map.of("team", ODD, "a", "b"),
                                5,
                                VALUE,
                                Optional.of(LATER),
                                new Lineage(
                                        RUN,
                                        Optional.of(RUN),
                                        Optional.of(new BranchPoint(RUN, 7)),
                                        Optional.empty()),
                                "0af7651916cd43dd8448eb211c80319c",
                                Optional.of("b7ad6b7169203331"),
                                AT)),
                new RunEvent.RunStarted("worker-1"),
                new RunEvent.ModelRequested(MODEL, 1, "openai", "gpt-5"),
                new RunEvent.ModelCompleted(
                        MODEL,
                        Optional.of(VALUE),
                        List.of(new ProposedCall("call_1", "payments.refund", VALUE)),
                        new TokenUsage(11, 7),
                        Optional.of(new BigDecimal("0.001250")),
                        "gpt-5-2025",
                        "tool_calls",
                        false),
                new RunEvent.ModelFailed(MODEL, 2, "rate_limited", ODD, Optional.of(LATER)),
                new RunEvent.ToolProposed(
                        TOOL,
                        "call_1",
                        "payments.refund",
                        VALUE,
                        VALUE,
                        Optional.of(EffectId.toolCall(RUN, 2)),
                        Optional.of(EffectId.toolCall(RUN, 1))),
                new RunEvent.PolicyDecided(
                        TOOL,
                        Verdict.REQUIRE_APPROVAL,
                        "support",
                        VALUE,
                        Optional.of("big-refund"),
                        "above the limit",
                        Optional.of(TERMS)),
                new RunEvent.ApprovalRequested(
                        TOOL,
                        APPROVAL,
                        VALUE,
                        SideEffect.EXTERNAL_WRITE,
                        TERMS,
                        Optional.of(LATER)),
                new RunEvent.ApprovalResolved(
                        TOOL,
                        APPROVAL,
                        ApprovalOutcome.EDITED,
                        List.of("alice", "bob"),
                        ODD,
                        Optional.of(VALUE)),
                new RunEvent.ToolStarted(TOOL, 1),
                new RunEvent.ToolCompleted(TOOL, 1, VALUE),
                new RunEvent.ToolFailed(
                        TOOL,
                        1,
                        FailureKind.UNKNOWN,
                        "timeout",
                        ODD,
                        Optional.of(VALUE),
                        Optional.of(LATER)),
                new RunEvent.EffectReconciled(TOOL, true, Optional.of(VALUE), "alice", ODD),
                new RunEvent.VerificationCompleted(
                        1, Optional.of(VALUE), Optional.of(OnFail.REVISE), Optional.of(VALUE)),
                new RunEvent.CheckpointSaved("after-payment"),
                new RunEvent.TimerSet("deadline", LATER),
                new RunEvent.TimerFired("deadline"),
                new RunEvent.SignalReceived(
                        new CommandId(new UUID(3, 4)),
                        SignalType.STEER,
                        Optional.of(VALUE),
                        "alice"),
                new RunEvent.RunWaiting(
                        new WaitingOn(
                                WaitingOn.Kind.APPROVAL,
                                AT,
                                ODD,
                                Optional.of(APPROVAL),
                                Optional.of(LATER)),
                        Optional.of("b7ad6b7169203331")),
                new RunEvent.RunResumed("worker-2", "decided"),
                new RunEvent.RunHeld(
                        new Hold(
                                Hold.Reason.UNKNOWN_OUTCOME,
                                ODD,
                                Optional.of(TOOL),
                                Optional.of("alice")),
                        Optional.of("b7ad6b7169203331")),
                new RunEvent.RunReleased("alice", ODD),
                new RunEvent.RunCompleted(VALUE),
                new RunEvent.RunFailed(new RunError("limit_exceeded", ODD)),
                new RunEvent.RunCancelled("svc-shop", ODD));
    }

    static List<RunEvent> sparse() {
        return List.of(
                new RunEvent.RunSubmitted(
                        new RunIdentity(
                                RUN,
                                new DefinitionRef(DefinitionRef.Kind.AGENT, "a", "1.0.0", VALUE),
                                "default",
                                "svc-shop",
                                Map.of(),
                                0,
                                VALUE,
                                Optional.empty(),
                                Lineage.rootOf(RUN),
                                "0af7651916cd43dd8448eb211c80319c",
                                Optional.empty(),
                                AT)),
                new RunEvent.ModelCompleted(
                        MODEL,
                        Optional.empty(),
                        List.of(),
                        new TokenUsage(0, 0),
                        Optional.of(BigDecimal.ZERO),
                        "",
                        "stop",
                        true),
                new RunEvent.ModelCompleted(
                        MODEL,
                        Optional.of(VALUE),
                        List.of(),
                        new TokenUsage(2_000, 7, 1_500, 300),
                        Optional.of(new BigDecimal("0.0021")),
                        "claude",
                        "end_turn",
                        false),
                new RunEvent.ModelCompleted(
                        MODEL,
                        Optional.of(VALUE),
                        List.of(),
                        new TokenUsage(5, 6),
                        Optional.empty(),
                        "a model without a price",
                        "stop",
                        false),
                new RunEvent.ModelFailed(MODEL, 1, "timeout", "", Optional.empty()),
                new RunEvent.ModelFailed(
                        MODEL, 1, "quota_exhausted", "", Optional.of(LATER), Optional.of(2)),
                new RunEvent.ToolProposed(TOOL, "", "t", VALUE, VALUE, Optional.empty()),
                new RunEvent.PolicyDecided(
                        TOOL, Verdict.DENY, "p", VALUE, Optional.empty(), "", Optional.empty()),
                new RunEvent.ApprovalRequested(
                        TOOL,
                        APPROVAL,
                        VALUE,
                        SideEffect.READ,
                        new ApprovalTerms(
                                List.of("role:r"), 1, false, Optional.empty(), OnExpiry.REJECT),
                        Optional.empty()),
                new RunEvent.ApprovalResolved(
                        TOOL, APPROVAL, ApprovalOutcome.EXPIRED, List.of(), "", Optional.empty()),
                new RunEvent.ToolFailed(
                        TOOL,
                        0,
                        FailureKind.PERMANENT,
                        "c",
                        "",
                        Optional.empty(),
                        Optional.empty()),
                new RunEvent.EffectReconciled(TOOL, false, Optional.empty(), "a", ""),
                new RunEvent.VerificationCompleted(
                        1, Optional.empty(), Optional.empty(), Optional.empty()),
                new RunEvent.SignalReceived(
                        new CommandId(new UUID(3, 4)), SignalType.CANCEL, Optional.empty(), "a"),
                new RunEvent.RunWaiting(
                        new WaitingOn(
                                WaitingOn.Kind.TIMER, AT, "", Optional.empty(), Optional.empty()),
                        Optional.empty()),
                new RunEvent.RunHeld(
                        new Hold(Hold.Reason.OPERATOR, "", Optional.empty(), Optional.empty()),
                        Optional.empty()));
    }

    /// What a workflow adds.
    public static List<RunEvent> steps() {
        return List.of(
                new RunEvent.StepStarted("pay", VALUE),
                new RunEvent.StepCompleted(
                        "pay",
                        RunEvent.StepOutcome.COMPLETED,
                        Optional.of(VALUE),
                        Optional.empty()),
                new RunEvent.StepCompleted(
                        "pay",
                        RunEvent.StepOutcome.FAILED,
                        Optional.empty(),
                        Optional.of(new RunError("denied", ODD))),
                new RunEvent.SignalReceived(
                        new CommandId(new UUID(3, 4)),
                        SignalType.SIGNAL,
                        Optional.of(VALUE),
                        "svc-shop",
                        Optional.of("paid")),
                new RunEvent.SignalDelivered("pay", "paid", VALUE),
                new RunEvent.ChildStarted(
                        TOOL,
                        "pay",
                        RUN,
                        new DefinitionRef(DefinitionRef.Kind.AGENT, "refund-agent", "1.0.0", VALUE),
                        VALUE),
                new RunEvent.ChildSettled(
                        TOOL,
                        RUN,
                        RunStatus.FAILED,
                        Optional.of(VALUE),
                        Optional.of(new RunError("step_failed", ODD)),
                        new Usage(1, 2, 3, 4, new BigDecimal("0.5"))),
                new RunEvent.ChildStarted(
                        TOOL,
                        "pay",
                        RUN,
                        new DefinitionRef(DefinitionRef.Kind.AGENT, "refund-agent", "1.0.0", VALUE),
                        VALUE,
                        Optional.of(BUDGET)),
                new RunEvent.ChildSettled(
                        TOOL,
                        RUN,
                        RunStatus.CANCELLED,
                        Optional.empty(),
                        Optional.empty(),
                        Usage.NONE,
                        Optional.of(Budget.of(Usage.NONE, Duration.ofSeconds(3)))),
                new RunEvent.RunStarted("worker-1", Optional.of(100_000L)),
                new RunEvent.RunHeld(
                        new Hold(
                                Hold.Reason.BUDGET,
                                ODD,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(
                                        new Shortage(Budget.Kind.WALL_CLOCK, BUDGET, Budget.NONE))),
                        Optional.empty()),
                new RunEvent.BudgetRaised(RUN, Optional.of(RUN), BUDGET, LATER, "lead", ODD),
                new RunEvent.StepRetried("pay", 2, new RunError("http_404", ODD), LATER),
                new RunEvent.StepCompleted(
                        "pay",
                        RunEvent.StepOutcome.FAILED,
                        Optional.empty(),
                        Optional.of(new RunError("denied", ODD)),
                        Optional.of(RunEvent.StepFailure.COMPENSATE)),
                new RunEvent.StepCompleted(
                        "pay", RunEvent.StepOutcome.SKIPPED, Optional.empty(), Optional.empty()));
    }
}
