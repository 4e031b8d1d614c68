package dev.signalbox.operator.console;

import java.util.List;

/// Approvals of one status, the longest-waiting first.
public record ApprovalsPage(
        String status, List<ApprovalCard> cards, String next, boolean pending, String teach) {

    public ApprovalsPage {
        cards = List.copyOf(cards);
    }
}
