package dev.signalbox.store.postgres;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.store.ApprovalInbox;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Approvals: read with Panache, decided on by [Decide].
final class PostgresApprovalInbox implements ApprovalInbox {

    /// The decisions come in the same query: a page costs two queries, however many it holds.
    private static final String WITH_DECISIONS =
            "from ApprovalRow a left join fetch a.decisions where a.id in (:ids) order by a.id";

    private final Sql sql;
    private final Sessions sessions;

    PostgresApprovalInbox(Sql sql, Sessions sessions) {
        this.sql = sql;
        this.sessions = sessions;
    }

    @Override
    public Uni<Optional<Approval>> find(ApprovalId id) {
        return sessions.read(() -> withDecisions(List.of(id.value())))
                .map(found -> found.stream().findFirst());
    }

    @Override
    public Uni<Page<Approval>> list(ApprovalFilter filter, PageRequest page) {
        Conditions conditions =
                new Conditions()
                        .and("tenant = :tenant", "tenant", filter.tenant())
                        .and("status = :status", "status", filter.status().map(Sql::name))
                        .and("runId = :runId", "runId", filter.runId().map(RunId::value))
                        .and("id > :last", "last", page.after().map(Cursor::last));
        return sessions.read(() -> find(conditions, page))
                .map(found -> Pages.of(found, page, each -> new Cursor(0, each.id().value())));
    }

    private static Uni<List<Approval>> find(Conditions conditions, PageRequest page) {
        return ApprovalRow.find(conditions.text(), Sort.by("id"), conditions.parameters())
                .page(0, page.limit() + 1)
                .project(ApprovalRow.Reference.class)
                .list()
                .flatMap(
                        found ->
                                withDecisions(
                                        found.stream().map(ApprovalRow.Reference::id).toList()));
    }

    private static Uni<List<Approval>> withDecisions(List<UUID> ids) {
        return ids.isEmpty()
                ? Uni.createFrom().item(List.of())
                : ApprovalRow.<ApprovalRow>find(WITH_DECISIONS, Map.of("ids", ids))
                        .list()
                        .map(rows -> rows.stream().map(ApprovalRow::read).toList());
    }

    @Override
    public Uni<Approval> decide(Ballot ballot) {
        return sql.transaction(transaction -> new Decide(transaction, ballot).run());
    }
}
