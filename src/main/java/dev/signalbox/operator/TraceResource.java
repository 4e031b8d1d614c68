package dev.signalbox.operator;

import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.web.Caller;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/// A run's trace.
@Path("/operator/v1/runs/{id}/trace")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "operator: evidence", description = "What journals prove: traces, differences, replays")
public class TraceResource {

    private final Traces traces;
    private final Caller caller;

    TraceResource(Traces traces, Caller caller) {
        this.traces = traces;
        this.caller = caller;
    }

    @GET
    @APIResponse(
            responseCode = "200",
            description = "OTLP/JSON: an ExportTraceServiceRequest, rebuilt from the journal",
            content = @Content(schema = @Schema(implementation = Object.class)))
    public Uni<JsonObject> trace(@RestPath String id) {
        return traces.trace(caller.actor(), id);
    }
}
