package dev.signalbox.store.postgres;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Decision;
import dev.signalbox.domain.id.Digest;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/// An approval for reading. Decisions are made by SQL, under the lock of the run.
@Entity
@Immutable
@Table(name = "approvals")
@SuppressWarnings("NullAway.Init")
class ApprovalRow extends PanacheEntityBase {

    @Id UUID id;

    @Column(name = "run_id")
    UUID runId;

    String tenant;
    String status;
    String content;

    @ElementCollection
    @CollectionTable(name = "approval_decisions", joinColumns = @JoinColumn(name = "approval_id"))
    @OrderColumn(name = "position")
    List<DecisionRow> decisions;

    /// One decision of the approval.
    @Embeddable
    @SuppressWarnings("NullAway.Init")
    static class DecisionRow {

        String choice;

        @Column(name = "decided_by")
        String by;

        String reason;

        @Column(name = "edited_arguments")
        @Nullable String editedArguments;

        @Column(name = "decided_at")
        Instant at;

        Decision read() {
            return new Decision(
                    Sql.constant(Decision.Choice.class, choice),
                    by,
                    reason,
                    Optional.ofNullable(editedArguments).map(Digest::new),
                    at);
        }
    }

    /// Where an approval is.
    record Reference(UUID id) {}

    /// The approval; the decisions must have been fetched.
    Approval read() {
        return ApprovalContent.read(
                content, status, decisions.stream().map(DecisionRow::read).toList());
    }
}
