package dev.signalbox.domain.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.approval.ApprovalTerms;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.plan.Action;
import dev.signalbox.domain.plan.Limits;
import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.run.ModelChoice;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.FailureKind;
import dev.signalbox.domain.run.RunEvent.ProposedCall;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunState.Running;
import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.domain.tool.HttpCall;
import dev.signalbox.domain.tool.Idempotency;
import dev.signalbox.domain.tool.SideEffect;
import dev.signalbox.domain.tool.ToolDefinition;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The planner decides from state alone; each test is one state and what comes next.
class AgentPlannerTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final RunId RUN = new RunId(new UUID(7, 7));
    private static final Digest VALUE = Digest.of("value");
    private static final EffectId MODEL = EffectId.modelCall(RUN, 1);
    private static final EffectId CALL = EffectId.toolCall(RUN, 1);
    private static final ApprovalTerms TERMS =
            new ApprovalTerms(
                    List.of("role:lead"), 1, true, Optional.empty(), ApprovalTerms.OnExpiry.REJECT);

    private final List<RunEvent> events = new ArrayList<>();

    @Test
    void aFreshRunAsksTheModel() {
        given(new RunEvent.RunStarted("worker"));

        assertThat(plan(Set.of()))
                .containsExactly(new Action.CallModel(MODEL, 1, ModelChoice.FIRST));
    }

    @Test
    void theSameStateGivesTheSamePlan() {
        answered(new ProposedCall("a", "safe", VALUE));

        assertThat(plan(Set.of())).isEqualTo(plan(Set.of())).hasSize(1);
    }

    @Test
    void callsOfOneAnswerAreProposedTogether() {
        answered(new ProposedCall("a", "safe", VALUE), new ProposedCall("b", "unsafe", VALUE));

        assertThat(plan(Set.of()))
                .hasSize(2)
                .allSatisfy(action -> assertThat(action).isInstanceOf(Action.Propose.class));
    }

    @Test
    void anAllowedCallGoesOut() {
        proposed("unsafe");
        given(decided(Verdict.ALLOW));

        assertThat(plan(Set.of()))
                .singleElement()
                .isInstanceOfSatisfying(
                        Action.ExecuteTool.class,
                        execute -> assertThat(execute.attempt()).isEqualTo(1));
    }

    @Test
    void aDeniedCallLeadsBackToTheModel() {
        proposed("unsafe");
        given(decided(Verdict.DENY));

        assertThat(plan(Set.of()))
                .containsExactly(
                        new Action.CallModel(EffectId.modelCall(RUN, 2), 1, ModelChoice.FIRST));
    }

    @Test
    void aCallThatNeedsApprovalParksTheRun() {
        awaitingApproval();

        assertThat(plan(Set.of()))
                .singleElement()
                .isInstanceOfSatisfying(
                        Action.Park.class,
                        park ->
                                assertThat(park.waitingOn().kind())
                                        .isEqualTo(WaitingOn.Kind.APPROVAL));
    }

    @Test
    void anUnsafeCallThatWasSentAndIsNotInFlightHoldsTheRun() {
        proposed("unsafe");
        given(decided(Verdict.ALLOW), new RunEvent.ToolStarted(CALL, 1));

        assertThat(plan(Set.of()))
                .singleElement()
                .isInstanceOfSatisfying(
                        Action.HoldRun.class,
                        hold ->
                                assertThat(hold.hold().reason())
                                        .isEqualTo(Hold.Reason.UNKNOWN_OUTCOME));
    }

    @Test
    void anUnsafeCallThatIsInFlightIsWaitedFor() {
        proposed("unsafe");
        given(decided(Verdict.ALLOW), new RunEvent.ToolStarted(CALL, 1));

        assertThat(plan(Set.of(CALL))).isEmpty();
    }

    @Test
    void aSafeCallThatWasSentAndIsNotInFlightIsSentAgainWithTheSameId() {
        proposed("safe");
        given(decided(Verdict.ALLOW), new RunEvent.ToolStarted(CALL, 1));

        assertThat(plan(Set.of()))
                .singleElement()
                .isInstanceOfSatisfying(
                        Action.ExecuteTool.class,
                        execute -> assertThat(execute.effectId()).isEqualTo(CALL));
    }

    @Test
    void aCallThatIsSentAgainIsUsedUpOnce() {
        Limits two = new Limits(9, 2, Optional.empty(), Optional.empty(), Optional.empty());
        proposed("safe");
        given(
                decided(Verdict.ALLOW),
                new RunEvent.ToolStarted(CALL, 1),
                new RunEvent.ToolStarted(CALL, 1),
                new RunEvent.ToolStarted(CALL, 1));

        List<Action> plan = AgentPlanner.plan(agent(two), running(), Set.of(), NOW);

        assertThat(running().progress().usage().toolCalls()).isEqualTo(1);
        assertThat(plan).singleElement().isInstanceOf(Action.ExecuteTool.class);
    }

    @Test
    void aCallThatIsSentAgainFitsTheLimitThatItIsPartOf() {
        Limits one = new Limits(9, 1, Optional.empty(), Optional.empty(), Optional.empty());
        proposed("safe");
        given(decided(Verdict.ALLOW), new RunEvent.ToolStarted(CALL, 1));

        List<Action> plan = AgentPlanner.plan(agent(one), running(), Set.of(), NOW);

        assertThat(plan).singleElement().isInstanceOf(Action.ExecuteTool.class);
    }

    @Test
    void anUnknownOutcomeIsNeverRetried() {
        proposed("unsafe");
        given(
                decided(Verdict.ALLOW),
                new RunEvent.ToolStarted(CALL, 1),
                new RunEvent.ToolFailed(
                        CALL,
                        1,
                        FailureKind.UNKNOWN,
                        "timeout",
                        "no answer",
                        Optional.empty(),
                        Optional.of(NOW)));

        assertThat(plan(Set.of())).singleElement().isInstanceOf(Action.HoldRun.class);
    }

    @Test
    void anUnknownOutcomeComesBeforeAnyLimit() {
        proposed("unsafe");
        given(decided(Verdict.ALLOW), new RunEvent.ToolStarted(CALL, 1));

        assertThat(
                        AgentPlanner.plan(
                                agent(
                                        new Limits(
                                                9,
                                                9,
                                                Optional.of(1L),
                                                Optional.empty(),
                                                Optional.empty())),
                                running(),
                                Set.of(),
                                NOW))
                .singleElement()
                .isInstanceOf(Action.HoldRun.class);
    }

    @Test
    void aFailureThatNamesAFallbackTurnsToItAndStaysWithIt() {
        given(
                new RunEvent.RunStarted("worker"),
                new RunEvent.ModelRequested(MODEL, 1, "openai", "gpt"),
                new RunEvent.ModelFailed(
                        MODEL, 1, "quota_exhausted", "402", Optional.of(NOW), Optional.of(1)));
        assertThat(plan(Set.of()))
                .containsExactly(new Action.CallModel(MODEL, 2, new ModelChoice(1, 2)));

        given(
                new RunEvent.ModelRequested(MODEL, 2, "anthropic", "claude"),
                new RunEvent.ModelFailed(MODEL, 2, "rate_limited", "429", Optional.of(NOW)));
        assertThat(plan(Set.of()))
                .containsExactly(new Action.CallModel(MODEL, 3, new ModelChoice(1, 2)));
    }

    @Test
    void aFailureThatMayBeRetriedParksUntilItsTime() {
        given(
                new RunEvent.RunStarted("worker"),
                new RunEvent.ModelRequested(MODEL, 1, "openai", "gpt"),
                new RunEvent.ModelFailed(
                        MODEL, 1, "rate_limited", "429", Optional.of(NOW.plusSeconds(30))));

        assertThat(plan(Set.of()))
                .singleElement()
                .isInstanceOfSatisfying(
                        Action.Park.class,
                        park -> assertThat(park.waitingOn().until()).contains(NOW.plusSeconds(30)));
    }

    @Test
    void usedUpTokensHoldTheRunBeforeItsNextModelCall() {
        answered(new ProposedCall("a", "safe", VALUE));
        given(
                new RunEvent.ToolProposed(CALL, "a", "safe", VALUE, VALUE, Optional.empty()),
                decided(Verdict.DENY));

        List<Action> plan =
                AgentPlanner.plan(
                        agent(
                                new Limits(
                                        9, 9, Optional.of(1L), Optional.empty(), Optional.empty())),
                        running(),
                        Set.of(),
                        NOW);

        assertThat(plan)
                .singleElement()
                .isInstanceOfSatisfying(
                        Action.HoldRun.class,
                        held -> {
                            assertThat(held.hold().reason()).isEqualTo(Hold.Reason.BUDGET);
                            assertThat(held.hold().detail())
                                    .startsWith("20 tokens are used up, of 1 tokens");
                            assertThat(held.hold().shortage().orElseThrow().kind())
                                    .isEqualTo(Budget.Kind.TOKENS);
                        });
    }

    @Test
    void anAnswerThatIsThereCountsWhateverItHasCost() {
        answered();

        List<Action> plan =
                AgentPlanner.plan(
                        agent(
                                new Limits(
                                        9, 9, Optional.of(1L), Optional.empty(), Optional.empty())),
                        running(),
                        Set.of(),
                        NOW);

        assertThat(plan).containsExactly(new Action.Verify(VALUE, 1));
    }

    @Test
    void aTextIsVerifiedAndThenCompletesTheRun() {
        answered();
        List<Action> verify = plan(Set.of());
        given(
                new RunEvent.VerificationCompleted(
                        1, Optional.empty(), Optional.empty(), Optional.of(VALUE)));

        List<Action> complete = plan(Set.of());

        assertThat(verify).containsExactly(new Action.Verify(VALUE, 1));
        assertThat(complete).containsExactly(new Action.Complete(VALUE));
    }

    @Test
    void steeringThatCameBeforeTheEndReachesTheModel() {
        answered();
        given(
                new RunEvent.SignalReceived(
                        new CommandId(new UUID(1, 1)),
                        RunEvent.SignalType.STEER,
                        Optional.of(VALUE),
                        "someone"));

        assertThat(plan(Set.of()))
                .containsExactly(
                        new Action.CallModel(EffectId.modelCall(RUN, 2), 1, ModelChoice.FIRST));
    }

    private void proposed(String tool) {
        answered(new ProposedCall("a", tool, VALUE));
        given(new RunEvent.ToolProposed(CALL, "a", tool, VALUE, VALUE, Optional.empty()));
    }

    private void awaitingApproval() {
        proposed("unsafe");
        given(
                decided(Verdict.REQUIRE_APPROVAL),
                new RunEvent.ApprovalRequested(
                        CALL,
                        new ApprovalId(new UUID(3, 3)),
                        VALUE,
                        SideEffect.EXTERNAL_WRITE,
                        TERMS,
                        Optional.empty()));
    }

    private void answered(ProposedCall... calls) {
        given(
                new RunEvent.RunStarted("worker"),
                new RunEvent.ModelRequested(MODEL, 1, "scripted", "script"),
                new RunEvent.ModelCompleted(
                        MODEL,
                        Optional.of(VALUE),
                        List.of(calls),
                        new TokenUsage(10, 10),
                        Optional.of(BigDecimal.ZERO),
                        "script",
                        "stop",
                        true));
    }

    private static RunEvent.PolicyDecided decided(Verdict verdict) {
        return new RunEvent.PolicyDecided(
                CALL, verdict, "policy", VALUE, Optional.empty(), "because", Optional.empty());
    }

    private void given(RunEvent... more) {
        events.addAll(List.of(more));
    }

    private List<Action> plan(Set<EffectId> inFlight) {
        return AgentPlanner.plan(agent(Limits.DEFAULT), running(), inFlight, NOW);
    }

    private Running running() {
        RunIdentity identity =
                new RunIdentity(
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
                        NOW);
        List<Placed> history = new ArrayList<>();
        history.add(new Placed(1, NOW, new RunEvent.RunSubmitted(identity)));
        events.forEach(event -> history.add(new Placed(history.size() + 1L, NOW, event)));
        RunState state = RunFold.fold(history);
        assertThat(state).isInstanceOf(Running.class);
        return (Running) state;
    }

    private static PinnedAgent agent(Limits limits) {
        AgentDefinition definition =
                new AgentDefinition(
                        "agent",
                        "1.0.0",
                        new ModelRef(
                                ModelRef.Provider.OPENAI,
                                "gpt",
                                Optional.empty(),
                                Optional.empty()),
                        "Do it.",
                        List.of("safe", "unsafe"),
                        "policy",
                        limits,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of());
        return new PinnedAgent(
                VALUE,
                definition,
                Map.of(
                        "safe", tool("safe", Idempotency.KEY),
                        "unsafe", tool("unsafe", Idempotency.NONE)),
                new PolicyDefinition(
                        "policy", Verdict.DENY, List.of(), List.of(), List.of(), VALUE));
    }

    private static ToolDefinition tool(String name, Idempotency idempotency) {
        return new ToolDefinition(
                name,
                "A tool.",
                JsonObject.EMPTY,
                Optional.empty(),
                SideEffect.EXTERNAL_WRITE,
                idempotency,
                List.of(),
                new HttpCall(HttpCall.Method.POST, "http://localhost", Duration.ofSeconds(1)),
                VALUE);
    }
}
