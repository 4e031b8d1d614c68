package dev.signalbox.store.postgres;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Decision;
import dev.signalbox.domain.approval.Approval.Status;
import dev.signalbox.domain.approval.ApprovalRules;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.store.ApprovalInbox.Ballot;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One person's decision, in one transaction.
///
/// Whoever writes to an approval locks its run first, the run's worker included. So decisions,
/// expiries and the end of a run never cross, and what is read under the lock is how it stands.
final class Decide {

    private static final String LOCK =
            """
            SELECT runs.id
              FROM approvals JOIN runs ON runs.id = approvals.run_id
             WHERE approvals.id = $1 AND approvals.tenant = $2
               FOR UPDATE OF runs
            """;

    private static final String READ =
            "SELECT content, status, clock_timestamp() AS now FROM approvals WHERE id = $1";

    private static final String READ_DECISIONS =
            """
            SELECT choice, decided_by, reason, edited_arguments, decided_at
              FROM approval_decisions WHERE approval_id = $1 ORDER BY position
            """;

    private static final String WRITE =
            """
            WITH settled AS (
                UPDATE approvals SET status = $2 WHERE id = $1 RETURNING id, run_id
            ), kept AS (
                INSERT INTO payloads (run_id, digest, content)
                SELECT run_id, decode(substr($7, 8), 'hex'), $9 FROM settled WHERE $9::text IS NOT NULL
                ON CONFLICT DO NOTHING
            )
            INSERT INTO approval_decisions
                   (approval_id, position, choice, decided_by, reason, edited_arguments, decided_at)
            SELECT id, $3, $4, $5, $6, $7, $8 FROM settled
            """;

    private final SqlConnection transaction;
    private final Ballot ballot;

    Decide(SqlConnection transaction, Ballot ballot) {
        this.transaction = transaction;
        this.ballot = ballot;
    }

    Uni<Approval> run() {
        return Sql.query(transaction, LOCK, ballot.id().value(), ballot.actor().tenant())
                .invoke(Decide::refuseUnknown)
                .chain(() -> Sql.query(transaction, READ, ballot.id().value()))
                .chain(rows -> decisions().map(earlier -> decided(rows.getFirst(), earlier)))
                .call(this::write)
                .call(_ -> AuditRow.insert(transaction, ballot.audit()))
                .call(this::wake);
    }

    private static void refuseUnknown(List<Row> locked) {
        if (locked.isEmpty()) {
            throw ProblemException.of(ProblemCode.NOT_FOUND, "There is no such approval.");
        }
    }

    private Uni<List<Decision>> decisions() {
        return Sql.query(transaction, READ_DECISIONS, ballot.id().value())
                .map(rows -> rows.stream().map(Decide::decision).toList());
    }

    static Decision decision(Row row) {
        return new Decision(
                Sql.constant(Decision.Choice.class, row.getString("choice")),
                row.getString("decided_by"),
                row.getString("reason"),
                Optional.ofNullable(row.getString("edited_arguments")).map(Digest::new),
                Sql.time(row, "decided_at"));
    }

    private Approval decided(Row row, List<Decision> earlier) {
        Instant now = Sql.time(row, "now");
        return ApprovalRules.decide(
                ApprovalContent.read(row.getString("content"), row.getString("status"), earlier),
                ballot.actor(),
                ballot.callDigest(),
                ballot.decision(now),
                now);
    }

    private Uni<List<Row>> write(Approval decided) {
        Decision decision = decided.decisions().getLast();
        return Sql.query(
                transaction,
                WRITE,
                decided.id().value(),
                Sql.name(decided.status()),
                decided.decisions().size() - 1,
                Sql.name(decision.choice()),
                decision.by(),
                decision.reason(),
                decision.editedArguments().map(Digest::value).orElse(null),
                Sql.time(decision.at()),
                ballot.edited().map(edited -> edited.canonical()).orElse(null));
    }

    private Uni<List<Row>> wake(Approval decided) {
        return decided.status() == Status.PENDING
                ? Uni.createFrom().item(List.of())
                : Wakeups.wake(transaction, decided.runId());
    }
}
