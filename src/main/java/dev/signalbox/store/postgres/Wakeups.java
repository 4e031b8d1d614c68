package dev.signalbox.store.postgres;

import dev.signalbox.domain.id.RunId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;

/// Wakes runs, and hears of runs that were woken, in whatever process: PostgreSQL's NOTIFY, sent
/// with the commit of a command or decision. Rare enough not to matter to the journal's commits.
final class Wakeups {

    /// The lease is not touched: a worker that is on the run notices by the wake version.
    static final String WAKE =
            """
            WITH woken AS (
                UPDATE runs
                   SET due_at = now(), dispatched_at = NULL, wake_version = wake_version + 1
                 WHERE id = $1 AND status NOT IN ('completed', 'failed', 'cancelled')
                RETURNING id
            )
            SELECT pg_notify('signalbox_wakeups', id::text) FROM woken
            """;

    private final Listening listening;

    Wakeups(Pool pool) {
        listening = new Listening(pool, "signalbox_wakeups");
    }

    /// Wakes the run inside the transaction that gives the reason for it.
    static Uni<List<Row>> wake(SqlConnection transaction, RunId id) {
        return Sql.query(transaction, WAKE, id.value());
    }

    /// The runs that are woken from now on.
    Multi<RunId> stream() {
        return listening.stream().map(RunId::of);
    }
}
