package dev.signalbox.operator;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.AuditId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.store.AuditStore;
import dev.signalbox.store.AuditStore.AuditFilter;
import dev.signalbox.store.PageRequest;
import dev.signalbox.web.Paging.Items;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Reads audit records for auditors.
@ApplicationScoped
public class AuditReader {

    private final AuditStore audit;

    AuditReader(AuditStore audit) {
        this.audit = audit;
    }

    /// One command, as auditors see it.
    ///
    /// @param actor the bare name
    /// @param refusal the code, if it was refused
    public record AuditView(
            AuditId id,
            Instant at,
            String actor,
            Actor.Plane plane,
            Set<String> roles,
            String action,
            Optional<RunId> runId,
            Optional<String> target,
            String reason,
            boolean refused,
            Optional<String> refusal,
            JsonObject detail) {

        static AuditView of(AuditRecord record) {
            return new AuditView(
                    record.id(),
                    record.at(),
                    record.actor().name(),
                    record.actor().plane(),
                    record.actor().roles(),
                    record.action(),
                    record.runId(),
                    record.target(),
                    record.reason(),
                    record.refusal().isPresent(),
                    record.refusal(),
                    record.detail());
        }
    }

    /// Records that match, newest first; empty means any.
    public Uni<Items<AuditView>> list(
            Actor actor,
            Optional<RunId> run,
            Optional<String> by,
            Optional<String> action,
            Optional<Instant> since,
            PageRequest page) {
        Access.toAudit(actor);
        return audit.list(new AuditFilter(actor.tenant(), run, by, action, since), page)
                .map(found -> Items.of(found, found.items().stream().map(AuditView::of).toList()));
    }
}
