package dev.signalbox.store.postgres;

import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.BulkId;
import dev.signalbox.store.Bulk;
import dev.signalbox.store.BulkStore;
import dev.signalbox.wire.JsonCodec;
import dev.signalbox.wire.RecordCodec;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Commands to many runs, each in its row.
final class PostgresBulkStore implements BulkStore {

    private static final String CREATE =
            "INSERT INTO bulks (id, tenant, status, content) VALUES ($1, $2, $3, $4)";

    private static final String FIND = "SELECT content FROM bulks WHERE tenant = $1 AND id = $2";

    private static final String CLAIM =
            """
            UPDATE bulks
               SET owner = $1, leased_until = clock_timestamp() + make_interval(secs => $2)
             WHERE id = (SELECT id FROM bulks
                          WHERE status = 'running'
                            AND (leased_until IS NULL OR leased_until <= clock_timestamp())
                          ORDER BY id LIMIT 1
                            FOR UPDATE SKIP LOCKED)
            RETURNING content
            """;

    private static final String HELD =
            "SELECT content FROM bulks WHERE id = $1 AND owner = $2 FOR UPDATE";

    private static final String ADVANCE =
            """
            UPDATE bulks
               SET status = $2, content = $3,
                   leased_until = clock_timestamp() + make_interval(secs => $4)
             WHERE id = $1
            """;

    private static final String ABORT = "UPDATE bulks SET status = $2, content = $3 WHERE id = $1";

    private final Sql sql;

    PostgresBulkStore(Sql sql) {
        this.sql = sql;
    }

    @Override
    public Uni<Void> create(Bulk bulk, AuditRecord audit) {
        return sql.transaction(
                transaction ->
                        Sql.query(
                                        transaction,
                                        CREATE,
                                        bulk.id().value(),
                                        bulk.by().tenant(),
                                        Sql.name(bulk.status()),
                                        content(bulk))
                                .chain(() -> AuditRow.insert(transaction, audit))
                                .replaceWithVoid());
    }

    @Override
    public Uni<Optional<Bulk>> find(String tenant, BulkId id) {
        return sql.query(FIND, tenant, id.value()).map(PostgresBulkStore::first);
    }

    @Override
    public Uni<Optional<Bulk>> claim(String owner, Duration lease) {
        return sql.query(CLAIM, owner, Sql.seconds(lease)).map(PostgresBulkStore::first);
    }

    @Override
    public Uni<Optional<Bulk>> advance(
            BulkId id, String owner, Duration lease, UnaryOperator<Bulk> change) {
        return sql.transaction(
                transaction ->
                        Sql.query(transaction, HELD, id.value(), owner)
                                .map(rows -> first(rows).map(change))
                                .call(changed -> advanced(transaction, changed, lease)));
    }

    private static Uni<?> advanced(
            SqlConnection transaction, Optional<Bulk> changed, Duration lease) {
        return changed.<Uni<?>>map(
                        bulk ->
                                Sql.query(
                                        transaction,
                                        ADVANCE,
                                        bulk.id().value(),
                                        Sql.name(bulk.status()),
                                        content(bulk),
                                        Sql.seconds(lease)))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    @Override
    public Uni<Bulk> abort(BulkId id, Instant at, AuditRecord audit) {
        return sql.transaction(
                transaction ->
                        Sql.query(
                                        transaction,
                                        FIND + " FOR UPDATE",
                                        audit.actor().tenant(),
                                        id.value())
                                .map(rows -> BulkStore.aborted(first(rows), at))
                                .call(
                                        bulk ->
                                                Sql.query(
                                                        transaction,
                                                        ABORT,
                                                        id.value(),
                                                        Sql.name(bulk.status()),
                                                        content(bulk)))
                                .call(() -> AuditRow.insert(transaction, audit)));
    }

    private static String content(Bulk bulk) {
        return RecordCodec.encode(bulk).canonical();
    }

    private static Optional<Bulk> first(List<Row> rows) {
        return rows.stream()
                .findFirst()
                .map(row -> JsonCodec.parse(row.getString("content")))
                .map(content -> RecordCodec.decode(Bulk.class, content));
    }
}
