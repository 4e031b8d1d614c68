package dev.signalbox.operator.console;

import dev.signalbox.operator.console.Words.When;
import dev.signalbox.operator.view.ApprovalView;
import java.time.Duration;
import java.time.Instant;

/// An approval in a list: what wants to happen, why a person is asked, and how long there is.
///
/// @param left time left; empty if there is no limit
/// @param urgent whether less than a quarter of the time is left
public record ApprovalCard(
        String id,
        String runId,
        String tool,
        String status,
        Shown arguments,
        String effect,
        String weight,
        String rule,
        String reason,
        String requestedBy,
        String approvers,
        When since,
        String left,
        boolean urgent) {

    static ApprovalCard of(ApprovalView approval, Instant now) {
        return new ApprovalCard(
                approval.id().toString(),
                approval.runId().toString(),
                approval.tool(),
                Words.plain(approval.status()),
                Shown.of(approval.arguments()),
                Words.sideEffect(approval.sideEffect()),
                Words.weight(approval.sideEffect()),
                approval.policy() + approval.ruleId().map(rule -> " / " + rule).orElse(""),
                approval.reason(),
                approval.requestedBy(),
                String.join(" or ", approval.approvers()),
                Words.when(approval.requestedAt(), now),
                left(approval, now),
                urgent(approval, now));
    }

    static String left(ApprovalView approval, Instant now) {
        return approval.expiresAt()
                .map(
                        end ->
                                end.isAfter(now)
                                        ? Words.span(Duration.between(now, end)) + " left"
                                        : "time is up")
                .orElse("");
    }

    static boolean urgent(ApprovalView approval, Instant now) {
        return approval.expiresAt()
                .map(
                        end ->
                                Duration.between(now, end)
                                                .multipliedBy(4)
                                                .compareTo(
                                                        Duration.between(
                                                                approval.requestedAt(), end))
                                        < 0)
                .orElse(false);
    }
}
