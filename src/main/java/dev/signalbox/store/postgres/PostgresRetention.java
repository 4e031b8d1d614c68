package dev.signalbox.store.postgres;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.retention.Tombstone;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.Retention;
import dev.signalbox.wire.JsonCodec;
import dev.signalbox.wire.RecordCodec;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import java.util.Optional;

/// Pruning, a transaction a batch, and the tombstones.
final class PostgresRetention implements Retention {

    private static final String FIND = "SELECT content FROM tombstones WHERE run_id = $1";

    private static final String LIST =
            """
            SELECT content FROM tombstones
             WHERE tenant = $1 AND ($2::uuid IS NULL OR run_id < $2)
             ORDER BY run_id DESC LIMIT $3
            """;

    private final Sql sql;

    PostgresRetention(Sql sql) {
        this.sql = sql;
    }

    @Override
    public Uni<Batch> prune(Round round) {
        return sql.transaction(transaction -> new Prune(transaction, round).run());
    }

    @Override
    public Uni<Optional<Tombstone>> tombstone(RunId id) {
        return sql.query(FIND, id.value())
                .map(rows -> rows.stream().findFirst().map(PostgresRetention::stone));
    }

    @Override
    public Uni<Page<Tombstone>> tombstones(String tenant, PageRequest page) {
        return sql.query(
                        LIST, tenant, page.after().map(Cursor::last).orElse(null), page.limit() + 1)
                .map(rows -> rows.stream().map(PostgresRetention::stone).toList())
                .map(found -> Pages.of(found, page, stone -> new Cursor(0, stone.id().value())));
    }

    static Tombstone stone(Row row) {
        return RecordCodec.decode(Tombstone.class, JsonCodec.parse(row.getString("content")));
    }
}
