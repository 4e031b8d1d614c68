package dev.signalbox.observe;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.store.ApprovalInbox;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// Approvals whose decisions are counted and timed.
final class ObservedApprovalInbox implements ApprovalInbox {

    private final ApprovalInbox approvals;
    private final Meters meters;

    ObservedApprovalInbox(ApprovalInbox approvals, Meters meters) {
        this.approvals = approvals;
        this.meters = meters;
    }

    @Override
    public Uni<Optional<Approval>> find(ApprovalId id) {
        return approvals.find(id);
    }

    @Override
    public Uni<Page<Approval>> list(ApprovalFilter filter, PageRequest page) {
        return approvals.list(filter, page);
    }

    @Override
    public Uni<Approval> decide(Ballot ballot) {
        return approvals.decide(ballot).invoke(decided -> count(ballot, decided));
    }

    private void count(Ballot ballot, Approval decided) {
        meters.count(Metric.APPROVALS_DECISIONS, 1, word(ballot.choice()));
        if (decided.status() != Approval.Status.PENDING) {
            meters.time(
                    Metric.APPROVALS_DECISION_TIME,
                    Duration.between(decided.requestedAt(), decided.decisions().getLast().at()),
                    word(decided.status()));
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
