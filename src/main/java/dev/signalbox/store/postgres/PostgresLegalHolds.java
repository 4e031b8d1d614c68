package dev.signalbox.store.postgres;

import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.retention.LegalHold;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.LegalHolds;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import dev.signalbox.wire.JsonCodec;
import dev.signalbox.wire.RecordCodec;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import java.util.List;
import java.util.Optional;

/// Legal holds: placed under the lock of the root, as [Prune] looks at them.
final class PostgresLegalHolds implements LegalHolds {

    private static final String LOCK =
            "SELECT id FROM runs WHERE id = $1 AND tenant = $2 AND root_id = id FOR UPDATE";

    private static final String PLACE =
            """
            INSERT INTO legal_holds (root_id, tenant, content) VALUES ($1, $2, $3)
            ON CONFLICT DO NOTHING
            RETURNING root_id
            """;

    private static final String LIFT =
            "DELETE FROM legal_holds WHERE root_id = $1 AND tenant = $2 RETURNING content";

    private static final String FIND = "SELECT content FROM legal_holds WHERE root_id = $1";

    private static final String LIST =
            """
            SELECT content FROM legal_holds
             WHERE tenant = $1 AND ($2::uuid IS NULL OR root_id < $2)
             ORDER BY root_id DESC LIMIT $3
            """;

    private final Sql sql;

    PostgresLegalHolds(Sql sql) {
        this.sql = sql;
    }

    @Override
    public Uni<Void> place(LegalHold hold, AuditRecord audit) {
        return sql.transaction(
                transaction ->
                        Sql.query(transaction, LOCK, hold.root().value(), hold.tenant())
                                .invoke(
                                        found ->
                                                refuseNone(
                                                        found,
                                                        ProblemCode.NOT_FOUND,
                                                        "There is no such tree of runs."))
                                .chain(
                                        () ->
                                                Sql.query(
                                                        transaction,
                                                        PLACE,
                                                        hold.root().value(),
                                                        hold.tenant(),
                                                        RecordCodec.encode(hold).canonical()))
                                .invoke(
                                        placed ->
                                                refuseNone(
                                                        placed,
                                                        ProblemCode.ILLEGAL_MOVE,
                                                        "The tree is under legal hold already."))
                                .chain(() -> AuditRow.insert(transaction, audit))
                                .replaceWithVoid());
    }

    @Override
    public Uni<LegalHold> lift(RunId root, String tenant, AuditRecord audit) {
        return sql.transaction(
                transaction ->
                        Sql.query(transaction, LIFT, root.value(), tenant)
                                .invoke(
                                        lifted ->
                                                refuseNone(
                                                        lifted,
                                                        ProblemCode.ILLEGAL_MOVE,
                                                        "The tree is under no legal hold."))
                                .call(() -> AuditRow.insert(transaction, audit))
                                .map(List::getFirst)
                                .map(PostgresLegalHolds::hold));
    }

    private static void refuseNone(List<Row> rows, ProblemCode code, String detail) {
        if (rows.isEmpty()) {
            throw ProblemException.of(code, detail);
        }
    }

    @Override
    public Uni<Optional<LegalHold>> find(RunId root) {
        return sql.query(FIND, root.value())
                .map(rows -> rows.stream().findFirst().map(PostgresLegalHolds::hold));
    }

    @Override
    public Uni<Page<LegalHold>> list(String tenant, PageRequest page) {
        return sql.query(
                        LIST, tenant, page.after().map(Cursor::last).orElse(null), page.limit() + 1)
                .map(rows -> rows.stream().map(PostgresLegalHolds::hold).toList())
                .map(found -> Pages.of(found, page, hold -> new Cursor(0, hold.root().value())));
    }

    private static LegalHold hold(Row row) {
        return RecordCodec.decode(LegalHold.class, JsonCodec.parse(row.getString("content")));
    }
}
