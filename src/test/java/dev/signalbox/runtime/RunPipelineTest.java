package dev.signalbox.runtime;

import static dev.signalbox.runtime.EngineFixture.answer;
import static dev.signalbox.runtime.EngineFixture.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.agent.AgentDefinition;
import dev.signalbox.domain.plan.Limits;
import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Decision.Choice;
import dev.signalbox.domain.approval.ApprovalTerms;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.policy.Expression;
import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.policy.PolicyRule;
import dev.signalbox.domain.policy.ToolPattern;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.domain.tool.HttpCall;
import dev.signalbox.domain.tool.Idempotency;
import dev.signalbox.domain.tool.SideEffect;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.domain.verify.VerifyRule;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.tool.ToolOutcome;
import dev.signalbox.store.Claim;
import dev.signalbox.wire.EventCodec;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the engine promises, run by run, over the memory store.
class RunPipelineTest {

    private static final Json INPUT = Json.of(Map.of("orderId", "A-1"));

    private final EngineFixture engine = new EngineFixture(agent());

    @Test
    void anAllowedCallIsMadeOnceAndTheRunCompletes() {
        engine.replies.add(call("refund", Map.of("amount", 20)));
        engine.replies.add(answer("{\"refunded\": 20}"));
        RunId id = engine.submit(INPUT);

        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls)
                .singleElement()
                .satisfies(made -> assertThat(made.effectId()).isEqualTo(EffectId.toolCall(id, 1)));
        assertThat(engine.types(id))
                .containsExactly(
                        "run_submitted",
                        "run_started",
                        "model_requested",
                        "model_completed",
                        "tool_proposed",
                        "policy_decided",
                        "checkpoint_saved",
                        "tool_started",
                        "tool_completed",
                        "model_requested",
                        "model_completed",
                        "verification_completed",
                        "run_completed");
    }

    @Test
    void everyJournalIsAnIntactChain() {
        engine.replies.add(call("refund", Map.of("amount", 20)));
        engine.replies.add(answer("{\"refunded\": 20}"));
        RunId id = engine.submit(INPUT);
        engine.work();

        List<JournalEntry> journal = engine.journal(id);

        assertThat(journal).allMatch(JournalEntry::intact);
        Digest previous = JournalEntry.GENESIS;
        for (JournalEntry entry : journal) {
            assertThat(entry.prevHash()).isEqualTo(previous);
            previous = entry.hash();
        }
        assertThat(engine.run(id).headHash()).isEqualTo(previous);
    }

    @Test
    void aBigCallWaitsForApprovalWithoutALease() {
        RunId id = waitingForApproval();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.WAITING);
        assertThat(engine.run(id).waitingOn().orElseThrow().kind())
                .isEqualTo(WaitingOn.Kind.APPROVAL);
        assertThat(engine.calls).isEmpty();
        assertThat(engine.approval(id).status()).isEqualTo(Approval.Status.PENDING);
        assertThat(engine.claim(engine.worker, id)).isEmpty();
    }

    @Test
    void anApprovedCallIsMadeOnce() {
        RunId id = waitingForApproval();
        engine.replies.add(answer("{\"refunded\": 120}"));

        engine.decide(engine.approval(id), Choice.APPROVE, Optional.empty());
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls).hasSize(1);
    }

    @Test
    void aRejectedCallIsNotMadeAndTheModelIsTold() {
        RunId id = waitingForApproval();
        engine.replies.add(answer("{\"refunded\": 0}"));

        engine.decide(engine.approval(id), Choice.REJECT, Optional.empty());
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls).isEmpty();
        assertThat(engine.requests.getLast().messages().toString()).contains("rejected", "because");
    }

    @Test
    void anEditedCallIsANewProposalThatThePolicyDecides() {
        RunId id = waitingForApproval();
        engine.replies.add(answer("{\"refunded\": 30}"));

        engine.decide(
                engine.approval(id),
                Choice.EDIT,
                Optional.of((JsonObject) Json.of(Map.of("amount", 30))));
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls)
                .singleElement()
                .satisfies(
                        made -> {
                            assertThat(made.effectId()).isEqualTo(EffectId.toolCall(id, 2));
                            assertThat(made.arguments()).isEqualTo(Json.of(Map.of("amount", 30)));
                        });
    }

    @Test
    void anApprovalThatNobodyGivesExpiresAndTheModelIsTold() {
        RunId id = waitingForApproval();
        engine.replies.add(answer("{\"refunded\": 0}"));

        engine.now = engine.now.plus(Duration.ofHours(5));
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.approval(id).status()).isEqualTo(Approval.Status.EXPIRED);
        assertThat(engine.types(id)).contains("approval_resolved");
    }

    @Test
    void aCallThatNoPolicyAllowsIsDenied() {
        engine.replies.add(call("wire", Map.of("amount", 5000)));
        engine.replies.add(answer("{\"refunded\": 0}"));
        RunId id = engine.submit(INPUT);

        engine.work();

        assertThat(engine.calls).isEmpty();
        assertThat(engine.requests.getLast().messages().toString()).contains("denied");
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void argumentsThatDoNotFitNeverReachThePolicy() {
        engine.replies.add(call("refund", Map.of("amount", "much")));
        engine.replies.add(answer("{\"refunded\": 0}"));
        RunId id = engine.submit(INPUT);

        engine.work();

        assertThat(engine.calls).isEmpty();
        assertThat(engine.types(id)).doesNotContain("policy_decided");
        assertThat(engine.requests.getLast().messages().toString()).contains("invalid_arguments");
    }

    @Test
    void anUnknownOutcomeOfAnUnsafeCallHoldsTheRun() {
        RunId id = heldOnUnknownOutcome();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.HELD);
        assertThat(engine.run(id).hold().orElseThrow().reason())
                .isEqualTo(Hold.Reason.UNKNOWN_OUTCOME);
        assertThat(engine.calls).hasSize(1);
    }

    @Test
    void reconcilingThatItHappenedGoesOnWithoutASecondCall() {
        RunId id = heldOnUnknownOutcome();
        engine.replies.add(answer("{\"refunded\": 60}"));

        engine.command(
                id,
                new Ask.Reconcile(
                        EffectId.toolCall(id, 1), true, Optional.of(Json.of(Map.of("ok", true)))));
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls).hasSize(1);
    }

    @Test
    void reconcilingThatItDidNotHappenMakesTheCallAgain() {
        RunId id = heldOnUnknownOutcome();
        engine.replies.add(answer("{\"refunded\": 60}"));
        engine.tools = _ -> new ToolOutcome.Succeeded(Json.of(Map.of("ok", true)));

        engine.command(id, new Ask.Reconcile(EffectId.toolCall(id, 1), false, Optional.empty()));
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls).hasSize(2);
    }

    @Test
    void releasingDoesNotGetPastAnUnknownOutcome() {
        RunId id = heldOnUnknownOutcome();

        engine.command(id, new Ask.Release());
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.HELD);
        assertThat(engine.calls).hasSize(1);
    }

    @Test
    void aWorkerThatDiesInASafeCallIsReplacedAndTheCallRepeatedWithTheSameKey() {
        engine.replies.add(call("refund", Map.of("amount", 20)));
        engine.replies.add(answer("{\"refunded\": 20}"));
        RunId id = engine.submit(INPUT);
        crashInFirstCall(id);

        engine.now = engine.now.plus(EngineFixture.LEASE).plusSeconds(1);
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls)
                .hasSize(2)
                .allMatch(made -> made.effectId().equals(EffectId.toolCall(id, 1)));
    }

    @Test
    void aWorkerThatDiesInAnUnsafeCallLeavesTheRunHeld() {
        engine.replies.add(call("wire", Map.of("amount", 20)));
        RunId id = engine.submit(INPUT);
        crashInFirstCall(id);

        engine.now = engine.now.plus(EngineFixture.LEASE).plusSeconds(1);
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.HELD);
        assertThat(engine.calls).hasSize(1);
    }

    @Test
    void aWorkerWhoseLeaseIsGoneWritesNothing() {
        engine.replies.add(call("refund", Map.of("amount", 20)));
        engine.replies.add(answer("{\"refunded\": 20}"));
        RunId id = engine.submit(INPUT);
        Worker other = engine.newWorker();
        engine.tools =
                _ -> {
                    // While the call is out, the lease runs out and another worker takes the run.
                    engine.tools = _ -> new ToolOutcome.Succeeded(Json.of(Map.of("by", "other")));
                    engine.now = engine.now.plus(EngineFixture.LEASE).plusSeconds(1);
                    EngineFixture.wait(other.drive(engine.claim(other, id).orElseThrow()));
                    return new ToolOutcome.Succeeded(Json.of(Map.of("by", "stale")));
                };

        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.types(id)).containsOnlyOnce("tool_completed", "run_completed");
        assertThat(engine.journal(id).toString())
                .contains(Json.of(Map.of("by", "other")).digest().value())
                .doesNotContain(Json.of(Map.of("by", "stale")).digest().value());
    }

    @Test
    void aModelThatDoesNotAnswerIsAskedAgainLater() {
        engine.replies.add(
                new ModelReply.TryAgain(
                        "rate_limited", "429", Optional.of(Duration.ofSeconds(30))));
        engine.replies.add(answer("{\"refunded\": 0}"));
        RunId id = engine.submit(INPUT);
        engine.work();
        RunStatus meanwhile = engine.run(id).status();

        engine.now = engine.now.plusSeconds(31);
        engine.work();

        assertThat(meanwhile).isEqualTo(RunStatus.WAITING);
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.run(id).usage().modelCalls()).isEqualTo(1);
    }

    @Test
    void anAnswerThatDoesNotHoldGoesBackToTheModel() {
        engine.replies.add(answer("{\"refunded\": 900}"));
        engine.replies.add(answer("{\"refunded\": 90}"));
        RunId id = engine.submit(INPUT);

        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.requests.getLast().messages().toString()).contains("did not pass");
    }

    @Test
    void cancellingAWaitingRunWithdrawsItsApproval() {
        RunId id = waitingForApproval();

        engine.command(id, new Ask.Cancel());
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(engine.approval(id).status()).isEqualTo(Approval.Status.WITHDRAWN);
    }

    @Test
    void holdAndReleaseLeaveTheRunWhereItWas() {
        RunId id = waitingForApproval();
        engine.command(id, new Ask.HoldRun());
        engine.work();
        RunStatus held = engine.run(id).status();

        engine.command(id, new Ask.Release());
        engine.work();

        assertThat(held).isEqualTo(RunStatus.HELD);
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.WAITING);
    }

    @Test
    void aDefinitionThatCannotBeReadHoldsTheRun() {
        RunId id = engine.submit(INPUT);
        Optional<PinnedDefinition> agent = engine.definition;
        engine.definition = Optional.empty();
        engine.work();
        RunState state = RunFold.fold(
                engine.journal(id).stream().map(EventCodec::placed).toList());

        engine.definition = agent;
        engine.replies.add(answer("{\"refunded\": 0}"));
        engine.command(id, new Ask.Release());
        engine.work();

        assertThat(state)
                .isInstanceOfSatisfying(
                        RunState.Held.class,
                        held ->
                                assertThat(held.hold().detail())
                                        .isEqualTo("The worker cannot read it."));
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void usedUpModelCallsHoldTheRun() {
        for (int i = 0; i < 5; i++) {
            engine.replies.add(call("refund", Map.of("amount", 1)));
        }
        RunId id = engine.submit(INPUT);

        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.HELD);
        assertThat(engine.run(id).waitingOn().orElseThrow().detail())
                .startsWith("4 model calls are used up, of 4 model calls");
        assertThat(engine.run(id).usage().modelCalls()).isEqualTo(4);
    }

    private RunId waitingForApproval() {
        engine.replies.add(call("refund", Map.of("amount", 120)));
        RunId id = engine.submit(INPUT);
        engine.work();
        return id;
    }

    private RunId heldOnUnknownOutcome() {
        engine.replies.add(call("wire", Map.of("amount", 60)));
        engine.tools = _ -> new ToolOutcome.Unknown("timeout", "no answer in time");
        RunId id = engine.submit(INPUT);
        engine.work();
        return id;
    }

    /// The worker's process ends while the call is out: the intent is committed, nothing after it,
    /// and another process takes over.
    private void crashInFirstCall(RunId id) {
        engine.hanging = true;
        Claim claim = engine.claim(engine.worker, id).orElseThrow();
        engine.worker.drive(claim).subscribe().with(_ -> {});
        assertThat(engine.types(id)).endsWith("tool_started");
        engine.hanging = false;
        engine.worker = engine.newWorker();
    }

    static PinnedAgent agent() {
        return agent(ModelRef.Provider.OPENAI);
    }

    static PinnedAgent agent(ModelRef.Provider provider) {
        JsonObject amount =
                (JsonObject)
                        Json.of(
                                Map.of(
                                        "type", "object",
                                        "required", List.of("amount"),
                                        "properties", Map.of("amount", Map.of("type", "number"))));
        ApprovalTerms terms =
                new ApprovalTerms(
                        List.of("role:lead"),
                        1,
                        true,
                        Optional.of(Duration.ofHours(4)),
                        ApprovalTerms.OnExpiry.REJECT);
        PolicyDefinition policy =
                new PolicyDefinition(
                        "support",
                        Verdict.DENY,
                        List.of(),
                        List.of(new ToolPattern("shell.*")),
                        List.of(
                                new PolicyRule(
                                        "small",
                                        new Expression("args.amount <= 100.0"),
                                        Verdict.ALLOW,
                                        Optional.empty()),
                                new PolicyRule(
                                        "big",
                                        new Expression("tool.name == 'refund'"),
                                        Verdict.REQUIRE_APPROVAL,
                                        Optional.of(terms))),
                        Digest.of("policy"));
        AgentDefinition definition =
                new AgentDefinition(
                        "agent",
                        "1.0.0",
                        new ModelRef(
                                provider,
                                "gpt",
                                Optional.empty(),
                                Optional.empty()),
                        "Settle refunds.",
                        List.of("refund", "wire", "look"),
                        "support",
                        new Limits(
                                4,
                                9,
                                Optional.empty(),
                                Optional.<BigDecimal>empty(),
                                Optional.empty()),
                        Optional.empty(),
                        Optional.of(
                                (JsonObject)
                                        Json.of(
                                                Map.of(
                                                        "type",
                                                        "object",
                                                        "required",
                                                        List.of("refunded")))),
                        List.of(
                                new VerifyRule.CelRule(
                                        new Expression("output.refunded <= 200.0"),
                                        VerifyRule.OnFail.REVISE)),
                        List.of());
        return new PinnedAgent(
                Digest.of("agent"),
                definition,
                Map.of(
                        "refund", tool("refund", SideEffect.EXTERNAL_WRITE, Idempotency.KEY, amount),
                        "wire", tool("wire", SideEffect.EXTERNAL_WRITE, Idempotency.NONE, amount),
                        "look", tool("look", SideEffect.READ, Idempotency.NONE, amount)),
                policy);
    }

    private static ToolDefinition tool(
            String name, SideEffect sideEffect, Idempotency idempotency, JsonObject input) {
        return new ToolDefinition(
                name,
                "Moves money.",
                input,
                Optional.empty(),
                sideEffect,
                idempotency,
                List.of(),
                new HttpCall(
                        HttpCall.Method.POST, "http://localhost/" + name, Duration.ofSeconds(5)),
                Digest.of(name));
    }
}
