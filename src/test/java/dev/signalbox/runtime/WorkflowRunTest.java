package dev.signalbox.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.definition.CelExpressions;
import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.definition.Schemas;
import dev.signalbox.definition.Source;
import dev.signalbox.domain.approval.Approval.Decision.Choice;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunState.Settled;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.domain.workflow.PinnedWorkflow;
import dev.signalbox.runtime.tool.ToolOutcome;
import dev.signalbox.store.Claim;
import dev.signalbox.wire.EventCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A workflow's calls go the way of an agent's: policy, approval, intent, effect, verification.
class WorkflowRunTest {

    private static final String DOCUMENTS =
            """
            kind: tool
            name: look
            description: Looks something up.
            input: {type: object, required: [at], properties: {at: {type: string}}}
            sideEffect: read
            http: {method: GET, url: "http://localhost/look"}
            ---
            kind: tool
            name: refund
            description: Pays back.
            input: {type: object, required: [amount], properties: {amount: {type: number}}}
            sideEffect: external_write
            idempotency: key
            http: {method: POST, url: "http://localhost/refund"}
            ---
            kind: tool
            name: wire
            description: Pays, each time.
            input: {type: object, required: [amount], properties: {amount: {type: number}}}
            sideEffect: external_write
            idempotency: none
            http: {method: POST, url: "http://localhost/wire"}
            ---
            kind: policy
            name: support
            allow: [look, wire]
            rules:
              - {id: small, when: "tool.name == 'refund' && args.amount <= 100.0", then: allow}
              - id: big
                when: "tool.name == 'refund' && args.amount <= 1000.0"
                then: require_approval
                approval: {approvers: ["role:lead"], expiresIn: PT4H}
            ---
            kind: workflow
            name: settle
            version: 1.0.0
            policy: support
            limits: {toolCalls: 5}
            steps:
              - {id: left, tool: look, input: "{'at': 'left'}"}
              - {id: right, tool: look, input: "{'at': 'right'}"}
              - id: pay
                needs: [left, right]
                when: "input.amount > 0.0"
                tool: PAY
                input: "{'amount': input.amount}"
              - {id: last, needs: [pay], tool: look, input: "{'at': steps.pay.status}"}
            output: "{'paid': steps.pay.status == 'completed' ? steps.pay.output.paid : 0, 'seen': steps.left.output.at}"
            verify:
              - {cel: "output.paid <= 500.0"}
            """;

    private final EngineFixture engine = new EngineFixture(workflow("refund"));

    WorkflowRunTest() {
        engine.tools =
                call ->
                        new ToolOutcome.Succeeded(
                                call.tool().name().equals("look")
                                        ? call.arguments()
                                        : Json.of(Map.of("paid", call.arguments().get("amount"))));
    }

    @Test
    void stepsRunInTheOrderOfTheirNeedsAndThoseThatNeedNothingOfOneAnotherSideBySide() {
        RunId id = submit(20);

        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output(id)).isEqualTo(Json.of(Map.of("paid", 20, "seen", "left")).digest());
        assertThat(engine.types(id))
                .containsExactly(
                        "run_submitted",
                        "run_started",
                        "step_started",
                        "step_started",
                        "tool_proposed",
                        "policy_decided",
                        "tool_proposed",
                        "policy_decided",
                        "tool_started",
                        "tool_started",
                        "tool_completed",
                        "tool_completed",
                        "step_completed",
                        "step_completed",
                        "step_started",
                        "tool_proposed",
                        "policy_decided",
                        "checkpoint_saved",
                        "tool_started",
                        "tool_completed",
                        "step_completed",
                        "step_started",
                        "tool_proposed",
                        "policy_decided",
                        "tool_started",
                        "tool_completed",
                        "step_completed",
                        "verification_completed",
                        "run_completed");
    }

    @Test
    void aStepWhoseConditionDoesNotHoldIsSkippedAndWhatNeedsItGoesOn() {
        RunId id = submit(0);

        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output(id)).isEqualTo(Json.of(Map.of("paid", 0, "seen", "left")).digest());
        assertThat(engine.calls).hasSize(3);
        assertThat(engine.calls.getLast().arguments()).isEqualTo(Json.of(Map.of("at", "skipped")));
    }

    @Test
    void everyJournalIsAnIntactChain() {
        RunId id = submit(20);
        engine.work();

        List<JournalEntry> journal = engine.journal(id);

        assertThat(journal).allMatch(JournalEntry::intact);
        assertThat(journal.getLast().hash()).isEqualTo(engine.run(id).headHash());
    }

    @Test
    void aStepThatNeedsApprovalWaitsWithoutALeaseAndGoesOnOnce() {
        RunId id = submit(200);
        engine.work();
        WaitingOn waiting = engine.run(id).waitingOn().orElseThrow();
        int before = engine.calls.size();
        Optional<Claim> claim = engine.claim(engine.worker, id);

        engine.decide(engine.approval(id), Choice.APPROVE, Optional.empty());
        engine.work();

        assertThat(waiting.kind()).isEqualTo(WaitingOn.Kind.APPROVAL);
        assertThat(before).isEqualTo(2);
        assertThat(claim).isEmpty();
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls).hasSize(4);
    }

    @Test
    void anEditedCallIsDecidedAnewAndItsResultIsTheStepsOutput() {
        RunId id = submit(200);
        engine.work();

        engine.decide(
                engine.approval(id),
                Choice.EDIT,
                Optional.of((JsonObject) Json.of(Map.of("amount", 30))));
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output(id)).isEqualTo(Json.of(Map.of("paid", 30, "seen", "left")).digest());
        assertThat(engine.types(id)).filteredOn("checkpoint_saved"::equals).hasSize(1);
    }

    @Test
    void aRejectedStepFailsTheRunAndIsNamed() {
        RunId id = submit(200);
        engine.work();

        engine.decide(engine.approval(id), Choice.REJECT, Optional.empty());
        engine.work();

        assertFailed(id, "step_failed", "The step 'pay' failed: rejected: refund: ");
        assertThat(engine.calls).hasSize(2);
    }

    @Test
    void aStepThatThePolicyDeniesFailsTheRunAndIsNamed() {
        RunId id = submit(5000);

        engine.work();

        assertFailed(id, "step_failed", "The step 'pay' failed: denied: refund: ");
        assertThat(engine.calls).hasSize(2);
    }

    @Test
    void aStepWhoseToolFailsFailsTheRunAndNoOtherBegins() {
        engine.tools = _ -> new ToolOutcome.Failed("gone", "It is gone.", JsonNull.NULL);
        RunId id = submit(20);

        engine.work();

        assertFailed(id, "step_failed", "The step 'left' failed: ");
        assertThat(engine.calls).hasSize(2);
    }

    @Test
    void aConditionThatCannotBeEvaluatedFailsItsStep() {
        RunId id = engine.submit(Json.of(Map.of("sum", 20)));

        engine.work();

        assertFailed(id, "step_failed", "The step 'pay' failed: condition_failed: when: ");
    }

    @Test
    void anOutputThatDoesNotHoldFailsTheRun() {
        engine.tools = _ -> new ToolOutcome.Succeeded(Json.of(Map.of("at", "x", "paid", 900)));
        RunId id = submit(20);

        engine.work();

        assertFailed(id, "verification_failed", "The output did not pass verification");
    }

    @Test
    void usedUpToolCallsHoldTheRun() {
        PinnedWorkflow workflow = workflow("refund", "limits: {toolCalls: 2}");
        engine.definition = Optional.of(workflow);
        RunId id = submit(20);

        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.HELD);
        assertThat(engine.calls).hasSize(2);
    }

    @Test
    void aWorkerThatDiesInASafeStepIsReplacedAndTheCallRepeatedWithTheSameKey() {
        RunId id = submit(20);
        crashInPayment(id);

        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls)
                .filteredOn(made -> made.tool().name().equals("refund"))
                .hasSize(2)
                .allMatch(made -> made.effectId().equals(EffectId.toolCall(id, 3)));
    }

    @Test
    void aWorkerThatDiesInAnUnsafeStepLeavesTheRunHeldUntilItIsReconciled() {
        engine.definition = Optional.of(workflow("wire"));
        RunId id = submit(20);
        crashInPayment(id);
        engine.work();
        RunStatus held = engine.run(id).status();

        engine.command(
                id,
                new Ask.Reconcile(
                        EffectId.toolCall(id, 3), true, Optional.of(Json.of(Map.of("paid", 20)))));
        engine.work();

        assertThat(held).isEqualTo(RunStatus.HELD);
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls).filteredOn(made -> made.tool().name().equals("wire")).hasSize(1);
    }

    @Test
    void aWaitingWorkflowCanBeCancelled() {
        RunId id = submit(200);
        engine.work();

        engine.command(id, new Ask.Cancel());
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(engine.calls).hasSize(2);
    }

    @Test
    void aPausedWorkflowBeginsNoStepUntilItIsResumed() {
        RunId id = submit(20);
        engine.command(id, new Ask.Pause());
        engine.work();
        int paused = engine.calls.size();

        engine.command(id, new Ask.Resume());
        engine.work();

        assertThat(paused).isZero();
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
    }

    private RunId submit(int amount) {
        return engine.submit(Json.of(Map.of("amount", amount)));
    }

    private Digest output(RunId id) {
        return engine.run(id).output().orElseThrow();
    }

    private void assertFailed(RunId id, String code, String message) {
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.FAILED);
        assertThat(
                        RunFold.fold(
                                engine.journal(id).stream().map(EventCodec::placed).toList()))
                .isInstanceOf(Settled.class)
                .extracting(Object::toString)
                .asString()
                .contains(code, message);
    }

    /// The worker's process ends while the payment is out: its intent is committed, nothing after
    /// it, and another process takes over.
    private void crashInPayment(RunId id) {
        var answering = engine.tools;
        engine.tools =
                call -> {
                    engine.hanging = call.arguments().equals(Json.of(Map.of("at", "right")));
                    return answering.apply(call);
                };
        Claim claim = engine.claim(engine.worker, id).orElseThrow();
        engine.worker.drive(claim).subscribe().with(_ -> {});
        assertThat(engine.types(id)).endsWith("tool_started");
        engine.hanging = false;
        engine.tools = answering;
        engine.worker = engine.newWorker();
        engine.now = engine.now.plus(EngineFixture.LEASE).plus(Duration.ofSeconds(1));
    }

    private static PinnedWorkflow workflow(String payment) {
        return workflow(payment, "limits: {toolCalls: 5}");
    }

    private static PinnedWorkflow workflow(String payment, String limits) {
        String text = DOCUMENTS.replace("PAY", payment).replace("limits: {toolCalls: 5}", limits);
        return new DefinitionReader(new CelExpressions(), new Schemas())
                .read(List.of(new Source("settle.yaml", text)))
                .latestWorkflow("settle")
                .orElseThrow();
    }
}
