package dev.signalbox.store.postgres;

import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.store.AuditStore;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import java.util.List;

/// Audit records: added by SQL, in whatever transaction they belong to, and read with Panache.
final class PostgresAuditStore implements AuditStore {

    private final Sql sql;
    private final Sessions sessions;

    PostgresAuditStore(Sql sql, Sessions sessions) {
        this.sql = sql;
        this.sessions = sessions;
    }

    @Override
    public Uni<Void> record(AuditRecord audit) {
        return sql.transaction(transaction -> AuditRow.insert(transaction, audit))
                .replaceWithVoid();
    }

    @Override
    public Uni<Page<AuditRecord>> list(AuditFilter filter, PageRequest page) {
        Conditions conditions =
                new Conditions()
                        .and("tenant = :tenant", "tenant", filter.tenant())
                        .and("runId = :runId", "runId", filter.runId().map(RunId::value))
                        .and("actor = :actor", "actor", filter.actor())
                        .and("action = :action", "action", filter.action())
                        .and("at >= :since", "since", filter.since())
                        .and("id < :last", "last", page.after().map(Cursor::last));
        return sessions.read(() -> find(conditions, page))
                .map(found -> Pages.of(found, page, audit -> new Cursor(0, audit.id().value())));
    }

    private static Uni<List<AuditRecord>> find(Conditions conditions, PageRequest page) {
        return AuditRow.<AuditRow>find(
                        conditions.text(), Sort.descending("id"), conditions.parameters())
                .page(0, page.limit() + 1)
                .list()
                .map(rows -> rows.stream().map(AuditRow::read).toList());
    }
}
