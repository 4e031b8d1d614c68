package dev.signalbox.store;

import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.RunId;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;

/// Who commanded what. Records are added and never changed.
public interface AuditStore {

    Uni<Void> record(AuditRecord record);

    /// Records that match, newest first.
    Uni<Page<AuditRecord>> list(AuditFilter filter, PageRequest page);

    /// Which records to list; empty means any.
    record AuditFilter(
            String tenant,
            Optional<RunId> runId,
            Optional<String> actor,
            Optional<String> action,
            Optional<Instant> since) {}
}
