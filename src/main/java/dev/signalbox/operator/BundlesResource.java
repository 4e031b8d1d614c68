package dev.signalbox.operator;

import dev.signalbox.domain.bundle.BundleReport;
import dev.signalbox.web.Caller;
import dev.signalbox.wire.BundleCodec;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Checks bundles.
@Path("/operator/v1/bundles")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "operator: bundles")
public class BundlesResource {

    private final Caller caller;

    BundlesResource(Caller caller) {
        this.caller = caller;
    }

    /// Checks the bundle in the body, without looking at anything else.
    @POST
    @Path("/verify")
    @Consumes(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    public BundleReport verify(
            @RequestBody(content = @Content(schema = @Schema(implementation = Object.class)))
                    @Nullable String bundle) {
        Access.toRead(caller.actor());
        return BundleCodec.check(bundle == null ? "" : bundle);
    }
}
