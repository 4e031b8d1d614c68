package dev.signalbox.operator.console;

import dev.signalbox.domain.run.StepNames;
import dev.signalbox.operator.console.Track.Fact;
import dev.signalbox.operator.console.Track.Look;
import dev.signalbox.operator.console.Track.Row;
import dev.signalbox.operator.console.Track.Signal;
import dev.signalbox.operator.console.Track.Value;
import dev.signalbox.operator.view.Step.ApprovalGate;
import dev.signalbox.operator.view.Step.PolicySignal;
import dev.signalbox.operator.view.Step.ToolStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A tool call on the track: a station, with the policy's signal beside it.
final class ToolTrack {

    private ToolTrack() {}

    static Row row(ToolStep call, Instant start) {
        Look look = look(call);
        List<Fact> facts = new ArrayList<>();
        call.problem()
                .ifPresent(
                        problem ->
                                facts.add(
                                        new Fact(
                                                "Problem",
                                                problem.code() + ": " + problem.message())));
        call.approval().ifPresent(gate -> facts.add(new Fact("Approval", words(gate))));
        call.reconciled()
                .ifPresent(
                        known ->
                                facts.add(
                                        new Fact(
                                                "Reconciled",
                                                (known.happened()
                                                                ? "it happened"
                                                                : "it did not happen")
                                                        + ", says "
                                                        + known.by()
                                                        + ": "
                                                        + known.reason())));
        facts.addAll(Track.attempts(call.attempts(), "done"));
        call.replaces().ifPresent(old -> facts.add(new Fact("Replaces", old.value())));
        call.replacedBy().ifPresent(next -> facts.add(new Fact("Replaced by", next.value())));
        facts.add(new Fact("Effect id", call.effectId().value()));
        facts.add(new Fact("Call digest", call.callDigest().value()));
        List<Value> values = new ArrayList<>();
        values.add(new Value("Arguments", Shown.of(call.arguments())));
        call.result().ifPresent(result -> values.add(new Value("Result", Shown.of(result))));
        call.body().ifPresent(body -> values.add(new Value("Answer", Shown.of(body))));
        return look.row(
                call,
                "station",
                title(call),
                call.arguments()
                        .map(arguments -> Shown.of(arguments).line())
                        .orElse("arguments erased"),
                Track.took(call.duration()),
                facts,
                values,
                call.policy().map(policy -> signal(policy, call)).orElse(Signal.NONE),
                start);
    }

    private static String title(ToolStep call) {
        return StepNames.decided(call.tool())
                .map(step -> step + ": people decide")
                .orElseGet(
                        () ->
                                call.step().map(step -> Words.step(step) + ": ").orElse("")
                                        + call.tool());
    }

    private static Look look(ToolStep call) {
        return switch (call.status()) {
            case PROPOSED -> new Look("plain", "queued", "proposed");
            case AWAITING_APPROVAL -> new Look("caution", "waiting", "waiting for approval");
            case ALLOWED ->
                    StepNames.decided(call.tool()).isPresent()
                            ? new Look("clear", "completed", "approved")
                            : new Look("plain", "queued", "may go out");
            case RUNNING -> new Look("proceeding", "running", "sent");
            case RETRY_DUE -> new Look("caution", "waiting", "retry due");
            case OUTCOME_UNKNOWN -> new Look("held", "held", "outcome unknown");
            case SUCCEEDED -> new Look("clear", "completed", "done");
            case DENIED -> new Look("danger", "failed", "denied by policy");
            case REJECTED -> new Look("danger", "failed", "rejected");
            case EXPIRED -> new Look("danger", "failed", "approval expired");
            case EDITED -> new Look("plain", "cancelled", "edited into another call");
            case FAILED -> new Look("danger", "failed", "failed");
        };
    }

    private static Signal signal(PolicySignal policy, ToolStep call) {
        String by = policy.policy() + policy.ruleId().map(rule -> " / " + rule).orElse("");
        return switch (policy.verdict()) {
            case ALLOW ->
                    new Signal("clear", "signal-clear", "Allowed by " + by, policy.reason(), "");
            case DENY ->
                    new Signal("danger", "signal-danger", "Denied by " + by, policy.reason(), "");
            case REQUIRE_APPROVAL ->
                    new Signal(
                            "caution",
                            "signal-caution",
                            "Approval required by " + by,
                            policy.reason(),
                            call.approval()
                                    .map(gate -> "/console/approvals/" + gate.approvalId())
                                    .orElse(""));
        };
    }

    private static String words(ApprovalGate gate) {
        String who = String.join(", ", gate.by());
        return gate.outcome()
                .map(
                        outcome ->
                                Words.plain(outcome)
                                        + (who.isEmpty() ? "" : " by " + who)
                                        + gate.waited()
                                                .map(waited -> " after " + Words.span(waited))
                                                .orElse("")
                                        + gate.reason().map(reason -> ": " + reason).orElse(""))
                .orElse("waits for " + String.join(" or ", gate.approvers()));
    }
}
