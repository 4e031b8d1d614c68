package dev.signalbox.store.postgres;

import dev.signalbox.domain.id.Digest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Statements on the pool, with failures as [Failures] says. Nothing is sent before somebody
/// subscribes.
final class Sql {

    /// How a statement begins that must not be prepared for good. After a few uses PostgreSQL would
    /// plan it once for all values, and look through every run for a status that few of them have.
    static final String PLANNED_EACH_TIME = "/* planned each time */ ";

    private final Pool pool;

    Sql(Pool pool) {
        this.pool = pool;
    }

    /// One statement in a transaction of its own.
    Uni<List<Row>> query(String sql, @Nullable Object... parameters) {
        return query(pool, sql, parameters).onFailure().transform(Failures::asProblem);
    }

    /// Several statements in one transaction, committed when the result is there.
    <T> Uni<T> transaction(Function<SqlConnection, Uni<T>> work) {
        return pool.withTransaction(work).onFailure().transform(Failures::asProblem);
    }

    /// One statement inside somebody's transaction.
    static Uni<List<Row>> query(SqlClient client, String sql, @Nullable Object... parameters) {
        return Uni.createFrom()
                .deferred(() -> client.preparedQuery(sql).execute(Tuple.wrap(parameters)))
                .map(Sql::rows);
    }

    private static List<Row> rows(RowSet<Row> found) {
        List<Row> rows = new ArrayList<>(found.size());
        found.forEach(rows::add);
        return rows;
    }

    static OffsetDateTime time(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    static @Nullable OffsetDateTime time(Optional<Instant> time) {
        return time.map(Sql::time).orElse(null);
    }

    static Instant time(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }

    static Buffer bytes(Digest digest) {
        return Buffer.buffer(digest.bytes());
    }

    static Digest digest(Row row, String column) {
        return Digest.ofBytes(row.getBuffer(column).getBytes());
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /// A constant's name as it stands in tables and on the wire.
    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static <E extends Enum<E>> E constant(Class<E> type, String name) {
        return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
    }

    static <T> @Nullable String[] texts(List<T> items, Function<T, @Nullable String> text) {
        return items.stream().map(text).toArray(String[]::new);
    }

    static <T> UUID[] uuids(List<T> items, Function<T, UUID> uuid) {
        return items.stream().map(uuid).toArray(UUID[]::new);
    }

    static <T> Long[] longs(List<T> items, Function<T, Long> number) {
        return items.stream().map(number).toArray(Long[]::new);
    }

    static <T> Short[] shorts(List<T> items, Function<T, Integer> number) {
        return items.stream().map(item -> number.apply(item).shortValue()).toArray(Short[]::new);
    }

    static <T> @Nullable OffsetDateTime[] times(
            List<T> items, Function<T, Optional<Instant>> time) {
        return items.stream().map(item -> time(time.apply(item))).toArray(OffsetDateTime[]::new);
    }

    static <T> Buffer[] digests(List<T> items, Function<T, Digest> digest) {
        return items.stream().map(item -> bytes(digest.apply(item))).toArray(Buffer[]::new);
    }
}
