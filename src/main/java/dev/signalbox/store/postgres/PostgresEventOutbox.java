package dev.signalbox.store.postgres;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.store.EventOutbox;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/// Notes for sinks. The statements that commit to journals write them, see [Append] and [Create], once
/// this process knows of a sink.
final class PostgresEventOutbox implements EventOutbox {

    private static final String OPEN =
            """
            WITH opened AS (
                INSERT INTO sinks (name)
                SELECT * FROM unnest($1::text[])
                ON CONFLICT (name) DO UPDATE SET asked_at = now()
            )
            DELETE FROM sinks
             WHERE name <> ALL ($1) AND asked_at < now() - make_interval(secs => $2)
            """;

    private static final String KNOWN = "SELECT EXISTS (SELECT FROM sinks) AS known";

    private static final String DROPPED =
            "DELETE FROM sink_notes WHERE sink NOT IN (SELECT name FROM sinks)";

    private static final String TAKE =
            """
            UPDATE sinks
               SET lease_owner = $2, asked_at = now(),
                   lease_until = now() + make_interval(secs => $3)
             WHERE name = $1
               AND (lease_owner IS NULL OR lease_owner = $2 OR lease_until < now())
            RETURNING name
            """;

    private static final String NEXT =
            """
            SELECT position, run_id, after_seq, last_seq, at
              FROM sink_notes
             WHERE sink = $1 AND run_id <> ALL ($3)
             ORDER BY position
             LIMIT $2
            """;

    private static final String SETTLE =
            """
            WITH buried AS (
                INSERT INTO sink_dead_letters (sink, run_id, seq, at, reason)
                SELECT $1, letter.* FROM unnest($3::uuid[], $4::bigint[], $5::timestamptz[],
                                                $6::text[]) AS letter
            )
            DELETE FROM sink_notes WHERE sink = $1 AND position = ANY ($2)
            """;

    private static final String DEAD =
            """
            SELECT run_id, seq, at, reason FROM sink_dead_letters
             WHERE sink = $1 ORDER BY number DESC LIMIT $2
            """;

    private final Sql sql;
    private final AtomicBoolean noting;

    /// @param noting set once there are sinks
    PostgresEventOutbox(Sql sql, AtomicBoolean noting) {
        this.sql = sql;
        this.noting = noting;
    }

    @Override
    public Uni<Void> open(Set<String> sinks, Duration retired) {
        if (sinks.isEmpty()) {
            return sql.query(KNOWN)
                    .invoke(
                            rows -> {
                                if (rows.getFirst().getBoolean("known")) {
                                    noting.set(true);
                                }
                            })
                    .replaceWithVoid();
        }
        return sql.query(OPEN, sinks.toArray(String[]::new), Sql.seconds(retired))
                .invoke(() -> noting.set(true))
                .chain(() -> sql.query(DROPPED))
                .replaceWithVoid();
    }

    @Override
    public Uni<List<Note>> take(
            String sink, String worker, Duration lease, int limit, Set<RunId> except) {
        return sql.query(TAKE, sink, worker, Sql.seconds(lease))
                .chain(
                        rows ->
                                rows.isEmpty()
                                        ? Uni.createFrom().item(List.<Note>of())
                                        : notes(sink, limit, except));
    }

    private Uni<List<Note>> notes(String sink, int limit, Set<RunId> except) {
        return sql.query(
                        NEXT,
                        sink,
                        (long) limit,
                        Sql.uuids(List.copyOf(except), RunId::value))
                .map(rows -> rows.stream().map(PostgresEventOutbox::note).toList());
    }

    private static Note note(Row row) {
        return new Note(
                row.getLong("position"),
                new RunId(row.getUUID("run_id")),
                row.getLong("after_seq"),
                row.getLong("last_seq"),
                Sql.time(row, "at"));
    }

    @Override
    public Uni<Void> settle(String sink, Collection<Note> notes, List<DeadLetter> dead) {
        return sql.query(
                        SETTLE,
                        sink,
                        Sql.longs(List.copyOf(notes), Note::position),
                        Sql.uuids(dead, letter -> letter.run().value()),
                        Sql.longs(dead, DeadLetter::seq),
                        dead.stream()
                                .map(letter -> Sql.time(letter.at()))
                                .toArray(OffsetDateTime[]::new),
                        Sql.texts(dead, DeadLetter::reason))
                .replaceWithVoid();
    }

    @Override
    public Uni<List<DeadLetter>> deadLetters(String sink, int limit) {
        return sql.query(DEAD, sink, (long) limit)
                .map(
                        rows ->
                                rows.stream()
                                        .map(
                                                row ->
                                                        new DeadLetter(
                                                                new RunId(row.getUUID("run_id")),
                                                                row.getLong("seq"),
                                                                Sql.time(row, "at"),
                                                                row.getString("reason")))
                                        .toList());
    }
}
