package dev.signalbox.operator.console;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.Shortage;
import dev.signalbox.operator.BudgetTotals;
import dev.signalbox.operator.console.RunPage.Deed;
import dev.signalbox.operator.view.RunDetail;
import dev.signalbox.operator.view.Step.ToolStatus;
import dev.signalbox.operator.view.Step.ToolStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a person may do about a run, with what it leads to said beforehand.
final class Deeds {

    private Deeds() {}

    static List<Deed> of(RunDetail detail, String baseUri) {
        List<Deed> deeds = new ArrayList<>();
        for (String action : detail.actions()) {
            switch (action) {
                case "reconcile" ->
                        detail.hold()
                                .map(RunDetail.HoldView::effectIds)
                                .orElse(List.of())
                                .forEach(effect -> deeds.add(reconcile(detail, effect, baseUri)));
                case "budget" ->
                        detail.hold()
                                .flatMap(RunDetail.HoldView::shortage)
                                .ifPresent(what -> deeds.add(budget(detail, what, baseUri)));
                case "release" ->
                        deeds.add(
                                deed(
                                        detail,
                                        "release",
                                        "Release",
                                        released(detail),
                                        false,
                                        baseUri));
                case "hold" ->
                        deeds.add(
                                deed(
                                        detail,
                                        "hold",
                                        "Hold",
                                        "The run stops before its next effect, and waits until"
                                                + " somebody releases it. A call that is already"
                                                + " out is not called back. Nothing is lost.",
                                        false,
                                        baseUri));
                case "legal-hold" ->
                        deeds.add(
                                deed(
                                        detail,
                                        "legal-hold",
                                        "Hold for the law",
                                        "The run's whole tree is kept with everything that belongs"
                                                + " to it, whatever is said about how long runs are"
                                                + " kept, until an auditor releases it. The run"
                                                + " itself goes on as before.",
                                        false,
                                        baseUri));
                case "legal-release" ->
                        deeds.add(
                                deed(
                                        detail,
                                        "legal-release",
                                        "Release from legal hold",
                                        "The run's tree is removed for good when its time is over,"
                                                + " at the next sweep if it is over already. Only"
                                                + " tombstones and audit records stay.",
                                        true,
                                        baseUri));
                default ->
                        deeds.add(
                                deed(
                                        detail,
                                        "cancel",
                                        "Cancel",
                                        "The run ends for good and cannot be continued. "
                                                + done(detail)
                                                + open(detail),
                                        true,
                                        baseUri));
            }
        }
        return deeds;
    }

    private static String released(RunDetail detail) {
        return detail.hold().flatMap(RunDetail.HoldView::shortage).isPresent()
                ? "The run looks again whether its next call fits its budget, and is held again if"
                        + " it does not. To let it go on, raise the budget."
                : "The run goes on where it stopped." + next(detail);
    }

    private static Deed budget(RunDetail detail, Shortage shortage, String baseUri) {
        boolean child = detail.lineage().parentRunId().isPresent();
        String field = BudgetTotals.field(shortage.kind());
        return new Deed(
                "budget",
                "Raise budget",
                "",
                "The run goes on with exactly the call that it was held before, and may use up to"
                        + " the new totals. Nothing that it has done is done again."
                        + (child
                                ? " Its budget is part of those of the runs above it: they may use"
                                        + " as much more."
                                : ""),
                false,
                shortage.total().kinds().stream()
                        .filter(kind -> kind != Budget.Kind.RUNS)
                        .map(kind -> bound(kind, shortage))
                        .toList(),
                api(detail, "budget", "{\"" + field + "\": …, \"reason\": \"…\"}", baseUri));
    }

    private static RunPage.Bound bound(Budget.Kind kind, Shortage shortage) {
        return new RunPage.Bound(
                BudgetTotals.field(kind),
                "New total, now "
                        + shortage.total().words(kind)
                        + ", used "
                        + shortage.used()
                                .amount(kind)
                                .map(_ -> shortage.used().words(kind))
                                .orElse("nothing"),
                kind == Budget.Kind.WALL_CLOCK ? "PT1H" : "",
                kind == shortage.kind());
    }

    private static Deed reconcile(RunDetail detail, EffectId effect, String baseUri) {
        Optional<ToolStep> call =
                calls(detail).stream().filter(one -> one.effectId().equals(effect)).findFirst();
        String tool = call.map(ToolStep::tool).orElse("the call");
        return new Deed(
                "reconcile",
                "Reconcile " + tool,
                effect.value(),
                "Look in the other system for this call of "
                        + tool
                        + call.flatMap(ToolStep::arguments)
                                .map(arguments -> " (" + Shown.of(arguments).line() + ")")
                                .orElse("")
                        + " by its idempotency key. “It happened”: the call is not sent again,"
                        + " and "
                        + (call.flatMap(ToolStep::step).isPresent()
                                ? "its step is done"
                                : "the model is told so")
                        + ". “It did not happen”: the call goes out once"
                        + " more, with the same key.",
                false,
                List.of(),
                api(
                        detail,
                        "reconcile",
                        "{\"effectId\": \""
                                + effect
                                + "\", \"outcome\": \"happened\", \"reason\": \"…\"}",
                        baseUri));
    }

    private static Deed deed(
            RunDetail detail,
            String action,
            String title,
            String consequence,
            boolean grave,
            String baseUri) {
        return new Deed(
                action,
                title,
                "",
                consequence,
                grave,
                List.of(),
                api(detail, action, "{\"reason\": \"…\"}", baseUri));
    }

    private static String api(RunDetail detail, String action, String body, String baseUri) {
        return Api.post(baseUri, "/operator/v1/runs/" + detail.run().id() + "/" + action, body);
    }

    private static String next(RunDetail detail) {
        String waiting = names(detail, ToolStatus.ALLOWED, ToolStatus.RETRY_DUE);
        return waiting.isEmpty() ? "" : " It may call " + waiting + " at once.";
    }

    private static String done(RunDetail detail) {
        List<ToolStep> done =
                calls(detail).stream()
                        .filter(call -> call.status() == ToolStatus.SUCCEEDED)
                        .toList();
        return done.isEmpty()
                ? "It has called no tool so far."
                : Words.count(done.size(), "call stays", "calls stay")
                        + " done: "
                        + names(detail, ToolStatus.SUCCEEDED)
                        + ".";
    }

    private static String open(RunDetail detail) {
        String unknown = names(detail, ToolStatus.OUTCOME_UNKNOWN, ToolStatus.RUNNING);
        String approvals =
                detail.pendingApprovals().isEmpty()
                        ? ""
                        : " "
                                + Words.count(
                                        detail.pendingApprovals().size(),
                                        "approval is",
                                        "approvals are")
                                + " withdrawn.";
        return approvals
                + (unknown.isEmpty() ? "" : " Nobody will know how " + unknown + " ended.");
    }

    private static String names(RunDetail detail, ToolStatus... statuses) {
        return calls(detail).stream()
                .filter(call -> List.of(statuses).contains(call.status()))
                .map(ToolStep::tool)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static List<ToolStep> calls(RunDetail detail) {
        return detail.steps().stream()
                .filter(ToolStep.class::isInstance)
                .map(ToolStep.class::cast)
                .toList();
    }
}
