package dev.signalbox.operator;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.web.Caller;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// A run as a bundle, out of the store as a stream.
@Path("/operator/v1/runs/{id}/export")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "operator: bundles", description = "What happened to a run, to take along and to check")
public class ExportResource {

    private final Exports exports;
    private final Caller caller;

    ExportResource(Exports exports, Caller caller) {
        this.exports = exports;
        this.caller = caller;
    }

    @GET
    @APIResponse(
            responseCode = "200",
            description = "The bundle of the run and of all runs below it",
            content = @Content(schema = @Schema(implementation = Object.class)))
    public Multi<byte[]> export(
            @RestPath String id,
            @RestQuery @Nullable String checkpoint,
            @RestQuery @Nullable String payloads) {
        RunId run = RunFinder.runId(id);
        Optional<Long> until = Optional.ofNullable(checkpoint).map(ExportResource::position);
        String name = "signalbox-run-" + run + until.map(seq -> "-to-" + seq).orElse("") + ".json";
        return RestMulti.fromMultiData(
                        exports.export(caller.actor(), run, until, flag(payloads))
                                .map(piece -> piece.getBytes(StandardCharsets.UTF_8)))
                .encodeAsJsonArray(false)
                .withDemand(1)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private static boolean flag(@Nullable String payloads) {
        return switch (payloads) {
            case null -> false;
            case "false" -> false;
            case "true" -> true;
            default -> throw wrong("payloads", "true or false");
        };
    }

    private static long position(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw wrong("checkpoint", "a whole number");
        }
    }

    private static RuntimeException wrong(String field, String expected) {
        return Problem.at(
                        ProblemCode.INVALID_REQUEST,
                        field,
                        "'" + field + "' is not " + expected,
                        expected)
                .asException();
    }
}
