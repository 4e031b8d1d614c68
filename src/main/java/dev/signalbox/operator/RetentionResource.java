package dev.signalbox.operator;

import dev.signalbox.operator.LegalHoldCommands.HoldView;
import dev.signalbox.store.Retention;
import dev.signalbox.web.Caller;
import dev.signalbox.web.Paging;
import dev.signalbox.web.Paging.Items;
import dev.signalbox.web.TombstoneView;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// What has been pruned, and what must not be.
@Path("/operator/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "operator: retention", description = "Tombstones and legal holds")
public class RetentionResource {

    private final Retention retention;
    private final LegalHoldCommands holds;
    private final Caller caller;

    RetentionResource(Retention retention, LegalHoldCommands holds, Caller caller) {
        this.retention = retention;
        this.holds = holds;
        this.caller = caller;
    }

    @GET
    @Path("/tombstones")
    @Operation(summary = "What is left of runs that were pruned, the newest run first")
    public Uni<Items<TombstoneView>> tombstones(
            @RestQuery @Nullable String limit, @RestQuery @Nullable String cursor) {
        Access.toRead(caller.actor());
        return retention
                .tombstones(caller.tenant(), Paging.request(limit, cursor))
                .map(
                        found ->
                                Items.of(
                                        found,
                                        found.items().stream().map(TombstoneView::of).toList()));
    }

    @GET
    @Path("/legal-holds")
    @Operation(summary = "Trees of runs that stay, whatever is said about how long they are kept")
    public Uni<Items<HoldView>> holds(
            @RestQuery @Nullable String limit, @RestQuery @Nullable String cursor) {
        return holds.list(caller.actor(), Paging.request(limit, cursor));
    }
}
