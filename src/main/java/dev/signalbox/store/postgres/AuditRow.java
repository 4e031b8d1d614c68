package dev.signalbox.store.postgres;

import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.wire.JsonCodec;
import dev.signalbox.wire.RecordCodec;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/// An audit record in its row.
@Entity
@Immutable
@Table(name = "audit_records")
@SuppressWarnings("NullAway.Init")
class AuditRow extends PanacheEntityBase {

    private static final String INSERT =
            """
            INSERT INTO audit_records (id, tenant, at, actor, action, run_id, content)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """;

    @Id UUID id;
    String tenant;
    Instant at;
    String actor;
    String action;

    @Column(name = "run_id")
    @Nullable UUID runId;

    String content;

    AuditRecord read() {
        return RecordCodec.decode(AuditRecord.class, JsonCodec.parse(content));
    }

    /// Adds the record inside the transaction of the command that it records.
    static Uni<List<Row>> insert(SqlConnection transaction, AuditRecord audit) {
        return Sql.query(
                transaction,
                INSERT,
                audit.id().value(),
                audit.actor().tenant(),
                Sql.time(audit.at()),
                audit.actor().name(),
                audit.action(),
                audit.runId().map(RunId::value).orElse(null),
                RecordCodec.encode(audit).canonical());
    }
}
