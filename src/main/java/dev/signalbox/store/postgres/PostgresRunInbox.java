package dev.signalbox.store.postgres;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Decision;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.store.RunInbox;
import dev.signalbox.wire.CommandCodec;
import dev.signalbox.wire.JsonCodec;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/// Commands and wake-ups.
final class PostgresRunInbox implements RunInbox {

    private static final String LOCK =
            "SELECT status FROM runs WHERE id = $1 AND tenant = $2 FOR UPDATE";

    private static final String POST =
            "INSERT INTO run_commands (id, run_id, content) VALUES ($1, $2, $3)";

    private static final String READ_VERSION = "SELECT wake_version FROM runs WHERE id = $1";

    private static final String READ_COMMANDS =
            """
            SELECT content FROM run_commands
             WHERE run_id = $1 AND applied_at IS NULL ORDER BY position
            """;

    private static final String READ_APPROVALS =
            """
            SELECT id, content, status FROM approvals
             WHERE run_id = $1 AND status IN ('pending', 'approved', 'rejected', 'edited')
             ORDER BY id
            """;

    private static final String READ_DECISIONS =
            """
            SELECT approval_id, choice, decided_by, reason, edited_arguments, decided_at
              FROM approval_decisions
             WHERE approval_id = ANY ($1) ORDER BY approval_id, position
            """;

    private final Sql sql;
    private final Wakeups wakeups;

    PostgresRunInbox(Sql sql, Wakeups wakeups) {
        this.sql = sql;
        this.wakeups = wakeups;
    }

    @Override
    public Uni<Void> post(RunCommand command, AuditRecord audit) {
        UUID run = command.runId().value();
        return sql.transaction(
                transaction ->
                        Sql.query(transaction, LOCK, run, command.by().tenant())
                                .invoke(PostgresRunInbox::refuseUnknownOrEnded)
                                .chain(
                                        () ->
                                                Sql.query(
                                                        transaction,
                                                        POST,
                                                        command.id().value(),
                                                        run,
                                                        CommandCodec.encode(command)
.canonical()))
                                .chain(() -> AuditRow.insert(transaction, audit))
                                .chain(() -> Wakeups.wake(transaction, command.runId()))
                                .replaceWithVoid());
    }

    private static void refuseUnknownOrEnded(List<Row> locked) {
        if (locked.isEmpty()) {
            throw ProblemException.of(ProblemCode.NOT_FOUND, "There is no such run.");
        }
        if (RunRow.status(locked.getFirst()).terminal()) {
            throw ProblemException.of(ProblemCode.ILLEGAL_MOVE, "The run has ended.");
        }
    }

    /// The version is read first: whatever comes in between the reads makes the run due again, at
    /// worst for nothing.
    @Override
    public Uni<Inbox> read(RunId id) {
        return sql.query(READ_VERSION, id.value())
                .flatMap(
                        version ->
                                version.isEmpty()
                                        ? Uni.createFrom().item(new Inbox(0, List.of(), List.of()))
                                        : read(id, version.getFirst().getLong("wake_version")));
    }

    private Uni<Inbox> read(RunId id, long version) {
        return Uni.combine()
                .all()
                .unis(sql.query(READ_COMMANDS, id.value()), approvals(id))
                .asTuple()
                .map(
                        read ->
                                new Inbox(
                                        version,
                                        read.getItem1().stream()
                                                .map(row -> row.getString("content"))
                                                .map(JsonCodec::parse).map(CommandCodec::decode)
                                                .toList(),
                                        read.getItem2()));
    }

    private Uni<List<Approval>> approvals(RunId id) {
        return sql.query(READ_APPROVALS, id.value())
                .flatMap(
                        rows ->
                                rows.isEmpty()
                                        ? Uni.createFrom().item(List.of())
                                        : decisions(rows).map(made -> approvals(rows, made)));
    }

    private Uni<Map<UUID, List<Decision>>> decisions(List<Row> approvals) {
        UUID[] ids = approvals.stream().map(row -> row.getUUID("id")).toArray(UUID[]::new);
        return sql.query(READ_DECISIONS, (Object) ids)
                .map(
                        rows ->
                                rows.stream()
                                        .collect(
                                                Collectors.groupingBy(
                                                        row -> row.getUUID("approval_id"),
                                                        Collectors.mapping(
                                                                Decide::decision,
                                                                Collectors.toList()))));
    }

    private static List<Approval> approvals(List<Row> rows, Map<UUID, List<Decision>> decisions) {
        return rows.stream()
                .map(
                        row ->
                                ApprovalContent.read(
                                        row.getString("content"),
                                        row.getString("status"),
                                        decisions.getOrDefault(row.getUUID("id"), List.of())))
                .toList();
    }

    @Override
    public Multi<RunId> woken() {
        return wakeups.stream();
    }
}
