package dev.signalbox.operator.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Redactor;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.ApprovalOutcome;
import dev.signalbox.domain.run.RunEvent.FailureKind;
import dev.signalbox.domain.verify.VerifyRule.OnFail;
import dev.signalbox.operator.view.Step.ModelTurn;
import dev.signalbox.operator.view.Step.Moment;
import dev.signalbox.operator.view.Step.ToolStatus;
import dev.signalbox.operator.view.Step.ToolStep;
import dev.signalbox.operator.view.Step.Verification;
import dev.signalbox.support.Journals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimelineTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String ARGUMENTS = "{\"orderId\":\"A-120\",\"amount\":120}";

    private static Journals run() {
        return Journals.of("refund-agent", "{\"orderId\":\"A-120\"}", START).started();
    }

    private static Timeline timeline(Journals journal) {
        return Timeline.of(journal.history(), Values.open(journal.payloads()));
    }

    private static <T extends Step> T only(Timeline timeline, Class<T> kind) {
        return timeline.steps().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    @Test
    void a_run_reads_as_steps_in_the_order_in_which_they_began() {
        Journals journal =
                run().proposes("orders.lookup", "{\"orderId\":\"A-120\"}")
                        .policy(Verdict.ALLOW, "reads", "reading is fine")
                        .sent()
                        .result("{\"total\":200}")
                        .says("Done.")
                        .completed("\"Done.\"");

        Timeline timeline = timeline(journal);

        assertThat(timeline.steps())
                .extracting(step -> step.getClass().getSimpleName())
                .containsExactly(
                        "Moment",
                        "Moment",
                        "ModelTurn",
                        "ToolStep",
                        "ModelTurn",
                        "Verification",
                        "Moment");
        assertThat(timeline.errors()).isEmpty();
    }

    @Test
    void a_call_carries_policy_attempts_arguments_and_result() {
        Journals journal =
                run().proposes("orders.lookup", "{\"orderId\":\"A-120\"}")
                        .policy(Verdict.ALLOW, "reads", "reading is fine")
                        .sent()
                        .result("{\"total\":200}");

        ToolStep call = only(timeline(journal), ToolStep.class);

        assertThat(call.status()).isEqualTo(ToolStatus.SUCCEEDED);
        assertThat(call.policy().orElseThrow().ruleId()).contains("reads");
        assertThat(call.arguments().orElseThrow().canonical()).isEqualTo("{\"orderId\":\"A-120\"}");
        assertThat(call.result().orElseThrow().canonical()).isEqualTo("{\"total\":200}");
        assertThat(call.attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.outcome()).isEqualTo("succeeded"));
        assertThat(call.duration().orElseThrow()).isPositive();
    }

    @Test
    void a_call_that_waits_shows_its_approval_and_no_end() {
        Journals journal =
                run().proposes("payments.refund", ARGUMENTS)
                        .policy(Verdict.REQUIRE_APPROVAL, "big-refund", "large")
                        .asks("payments.refund", ARGUMENTS);

        ToolStep call = only(timeline(journal), ToolStep.class);

        assertThat(call.status()).isEqualTo(ToolStatus.AWAITING_APPROVAL);
        assertThat(call.approval().orElseThrow().approvalId()).isEqualTo(journal.approval().id());
        assertThat(call.approval().orElseThrow().outcome()).isEmpty();
        assertThat(call.finishedAt()).isEmpty();
    }

    @Test
    void a_rejection_ends_the_call_with_the_person_and_the_reason() {
        Journals journal =
                run().proposes("payments.refund", ARGUMENTS)
                        .policy(Verdict.REQUIRE_APPROVAL, "big-refund", "large")
                        .asks("payments.refund", ARGUMENTS)
                        .pass(Duration.ofMinutes(5));
        journal.add(new RunEvent.RunResumed("worker-1", "decided"))
                .add(
                        new RunEvent.ApprovalResolved(
                                journal.call(),
                                journal.approval().id(),
                                ApprovalOutcome.REJECTED,
                                List.of("alice"),
                                "not this customer",
                                Optional.empty()));

        ToolStep call = only(timeline(journal), ToolStep.class);

        assertThat(call.status()).isEqualTo(ToolStatus.REJECTED);
        assertThat(call.problem().orElseThrow().message()).isEqualTo("not this customer");
        assertThat(call.approval().orElseThrow().by()).containsExactly("alice");
        assertThat(call.approval().orElseThrow().waited().orElseThrow())
                .isGreaterThanOrEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void an_attempt_that_a_crash_cut_off_is_interrupted_not_lost() {
        Journals journal =
                run().proposes("orders.lookup", "{}").policy(Verdict.ALLOW, "reads", "fine").sent();
        journal.add(new RunEvent.ToolStarted(journal.call(), 2)).result("{}");

        ToolStep call = only(timeline(journal), ToolStep.class);

        assertThat(call.attempts())
                .extracting(Step.Attempt::outcome)
                .containsExactly("interrupted", "succeeded");
    }

    @Test
    void an_unknown_outcome_is_an_error_until_somebody_reconciles_it() {
        Journals journal =
                run().proposes("payments.refund", ARGUMENTS)
                        .policy(Verdict.ALLOW, "any", "fine")
                        .sent();
        EffectId effect = journal.call();
        journal.add(
                        new RunEvent.ToolFailed(
                                effect,
                                1,
                                FailureKind.UNKNOWN,
                                "worker_lost",
                                "lost",
                                Optional.empty(),
                                Optional.empty()))
                .add(
                        new RunEvent.RunHeld(
                                new Hold(
                                        Hold.Reason.UNKNOWN_OUTCOME,
                                        "Nobody knows.",
                                        Optional.of(effect),
                                        Optional.empty()),
                                Optional.empty()))
                .add(
                        new RunEvent.EffectReconciled(
                                effect,
                                true,
                                Optional.of(journal.keep(Json.text("paid"))),
                                "alice",
                                "saw it in the ledger"));

        Timeline timeline = timeline(journal);

        ToolStep call = only(timeline, ToolStep.class);
        assertThat(call.status()).isEqualTo(ToolStatus.SUCCEEDED);
        assertThat(call.reconciled().orElseThrow().by()).isEqualTo("alice");
        assertThat(timeline.errors())
                .singleElement()
                .satisfies(
                        error -> {
                            assertThat(error.code()).isEqualTo("worker_lost");
                            assertThat(error.effectId()).contains(effect);
                        });
    }

    @Test
    void a_model_that_took_over_is_the_one_that_the_turn_names() {
        Journals journal = run();
        EffectId effect = EffectId.modelCall(journal.id(), 1);
        journal.requested()
                .add(
                        new RunEvent.ModelFailed(
                                effect,
                                1,
                                "quota_exhausted",
                                "402",
                                Optional.of(START),
                                Optional.of(1)))
                .add(new RunEvent.ModelRequested(effect, 2, "anthropic", "claude"));

        Timeline timeline = timeline(journal);

        ModelTurn turn = only(timeline, ModelTurn.class);
        assertThat(turn.provider()).isEqualTo("anthropic");
        assertThat(turn.model()).isEqualTo("claude");
        assertThat(turn.attempts())
                .extracting(Step.Attempt::outcome)
                .containsExactly("fallback", "running");
    }

    @Test
    void a_model_that_is_tried_again_keeps_its_failures() {
        Journals journal = run();
        EffectId effect = EffectId.modelCall(journal.id(), 1);
        journal.requested()
                .add(
                        new RunEvent.ModelFailed(
                                effect,
                                1,
                                "rate_limited",
                                "429",
                                Optional.of(START.plusSeconds(9))))
                .add(new RunEvent.ModelRequested(effect, 2, "openai", "gpt"));

        Timeline timeline = timeline(journal);

        ModelTurn turn = only(timeline, ModelTurn.class);
        assertThat(turn.status()).isEqualTo(Step.ModelStatus.RUNNING);
        assertThat(turn.attempts())
                .extracting(Step.Attempt::outcome)
                .containsExactly("retryable", "running");
        assertThat(timeline.errors())
                .extracting(Timeline.Fault::code)
                .containsExactly("rate_limited");
    }

    @Test
    void findings_that_go_back_to_the_model_say_so() {
        Journals journal = run().says("no");
        journal.add(
                new RunEvent.VerificationCompleted(
                        1,
                        Optional.of(journal.keep(Json.of(List.of("not JSON")))),
                        Optional.of(OnFail.REVISE),
                        Optional.empty()));

        Verification check = only(timeline(journal), Verification.class);

        assertThat(check.passed()).isFalse();
        assertThat(check.consequence()).contains("revise");
        assertThat(check.findings().orElseThrow().canonical()).isEqualTo("[\"not JSON\"]");
    }

    @Test
    void checkpoints_and_the_runs_own_failure_are_listed() {
        Journals journal = run().add(new RunEvent.CheckpointSaved("before the refund"));
        journal.add(new RunEvent.RunFailed(new RunError("limit_exceeded", "too many calls")));

        Timeline timeline = timeline(journal);

        assertThat(timeline.checkpoints())
                .extracting(Timeline.Mark::label)
                .containsExactly("before the refund");
        assertThat(timeline.errors())
                .extracting(Timeline.Fault::code)
                .containsExactly("limit_exceeded");
        assertThat(only(timeline, Moment.class).what()).isEqualTo("run_failed");
    }

    @Test
    void an_erased_value_leaves_its_step_in_place() {
        Journals journal = run().proposes("payments.refund", ARGUMENTS);

        Timeline timeline = Timeline.of(journal.history(), Values.open(Map.of()));

        ToolStep call = only(timeline, ToolStep.class);
        assertThat(call.arguments()).isEmpty();
        assertThat(call.argumentsDigest()).isNotNull();
    }

    @Test
    void secrets_are_taken_out_of_what_is_shown() {
        Journals journal = run().proposes("shop.login", "{\"password\":\"hunter2\"}");

        Timeline timeline =
                Timeline.of(
                        journal.history(), Values.redacted(journal.payloads(), Redactor.DEFAULT));

        assertThat(timeline.toString()).doesNotContain("hunter2").contains("[redacted]");
    }

    @Test
    void a_workflow_reads_as_its_steps_each_told_by_its_call() {
        DefinitionRef workflow =
                new DefinitionRef(
                        DefinitionRef.Kind.WORKFLOW, "settle", "1.0.0", Digest.of("settle"));
        Journals journal = Journals.of(workflow, "default", "{}", START).started();
        Digest value = journal.keep(Json.text("value"));
        EffectId call = EffectId.toolCall(journal.id(), 1);
        journal.add(new RunEvent.StepStarted("pay", value))
                .add(
                        new RunEvent.ToolProposed(
                                call, "pay", "payments.refund", value, value, Optional.empty()))
                .add(
                        new RunEvent.StepCompleted(
                                "note",
                                RunEvent.StepOutcome.SKIPPED,
                                Optional.empty(),
                                Optional.empty()));

        Timeline timeline = timeline(journal);

        assertThat(only(timeline, ToolStep.class).step()).contains("pay");
        assertThat(only(timeline, Step.WorkflowStep.class).step()).isEqualTo("note");
        assertThat(only(timeline, Step.WorkflowStep.class).status())
                .isEqualTo(Step.StepStatus.SKIPPED);
        assertThat(timeline.steps())
                .extracting(step -> step.getClass().getSimpleName())
                .containsExactly("Moment", "Moment", "ToolStep", "WorkflowStep");
    }
}
