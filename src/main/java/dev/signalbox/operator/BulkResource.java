package dev.signalbox.operator;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.operator.view.BulkView;
import dev.signalbox.store.Bulk;
import dev.signalbox.store.RunFilter;
import dev.signalbox.web.Caller;
import dev.signalbox.web.RunListQuery;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// Commands to many runs, for operators.
@Path("/operator/v1/bulk")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "operator: bulk", description = "Command all runs of a filter")
public class BulkResource {

    private final Bulks bulks;
    private final Caller caller;

    BulkResource(Bulks bulks, Caller caller) {
        this.bulks = bulks;
        this.caller = caller;
    }

    /// @param action `hold`, `release`, `cancel` or `retry`
    /// @param dryRun says what it would mean, and does nothing
    @Schema(name = "BulkRequest")
    public record Wish(
            @Schema(enumeration = {"hold", "release", "cancel", "retry"}) Optional<String> action,
            Optional<Filter> filter,
            Optional<String> reason,
            Optional<Boolean> dryRun) {}

    /// Which runs are meant; what is given has to hold together.
    ///
    /// @param status a status, several with commas, or an array
    /// @param label `key:value`, an array of such texts, or an object
    @Schema(name = "BulkFilterRequest")
    public record Filter(
            @Schema(implementation = Object.class) Optional<Json> status,
            Optional<String> definition,
            @Schema(implementation = Object.class) Optional<Json> label,
            Optional<String> text,
            Optional<String> since,
            Optional<String> until) {}

    @POST
    @Operation(
            summary = "Command all runs of a filter",
            description =
                    "`dryRun` counts and shows examples. An empty filter is refused, and so is one"
                            + " that means more than 10,000 runs. Runs that are asked for later are"
                            + " not meant.")
    @APIResponse(responseCode = "202", description = "Recorded; it is carried out from now on")
    @APIResponse(responseCode = "200", description = "What it would mean")
    public Uni<RestResponse<BulkView>> start(@Nullable Wish body) {
        Wish wish =
                body == null
                        ? new Wish(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())
                        : body;
        Bulk.Action action = action(wish.action().orElse(""));
        RunFilter filter = filter(wish.filter());
        return wish.dryRun().orElse(false)
                ? bulks.preview(caller.actor(), action, filter, wish.reason())
                        .map(RestResponse::ok)
                : bulks.start(caller.actor(), action, filter, wish.reason())
                        .map(
                                view ->
                                        RestResponse.status(RestResponse.Status.ACCEPTED, view));
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "How far it has come")
    public Uni<BulkView> get(@RestPath String id) {
        return bulks.find(caller.actor(), id);
    }

    /// Why somebody stops it.
    @Schema(name = "BulkAbort")
    public record Reasoned(Optional<String> reason) {}

    @POST
    @Path("/{id}/abort")
    @Operation(summary = "Stop before the next run; what was commanded stays commanded")
    public Uni<BulkView> abort(@RestPath String id, @Nullable Reasoned body) {
        return bulks.abort(
                caller.actor(), id, body == null ? Optional.empty() : body.reason());
    }

    private static Bulk.Action action(String name) {
        return Stream.of(Bulk.Action.values())
                .filter(action -> action.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                wrong(
                                        "action",
                                        "there is no such action",
                                        "hold, release, cancel or retry"));
    }

    private RunFilter filter(Optional<Filter> given) {
        String tenant = caller.tenant();
        return given.map(
                        filter ->
                                RunListQuery.filter(
                                        RunListQuery.filter(
                                                tenant,
                                                texts("filter.status", filter.status()),
                                                filter.definition().orElse(null),
                                                texts("filter.label", filter.label())),
                                        filter.text().orElse(null),
                                        null,
                                        filter.since().orElse(null),
                                        filter.until().orElse(null)))
                .orElseGet(() -> RunFilter.ofTenant(tenant));
    }

    private static List<String> texts(String field, Optional<Json> value) {
        return switch (value.orElse(Json.JsonNull.NULL)) {
            case Json.JsonNull() -> List.of();
            case JsonText(String text) -> List.of(text);
            case JsonArray(List<Json> items) ->
                    items.stream().map(item -> text(field, item)).toList();
            case JsonObject labels when field.equals("filter.label") ->
                    labels.members().entrySet().stream()
                            .map(label -> label.getKey() + ":" + text(field, label.getValue()))
                            .toList();
            case JsonObject _, Json.JsonBool _, Json.JsonNumber _ ->
                    throw wrong(field, "that cannot be filtered by", "a text or texts");
        };
    }

    private static String text(String field, Json value) {
        if (value instanceof JsonText(String text)) {
            return text;
        }
        throw wrong(field, "that cannot be filtered by", "a text or texts");
    }

    private static ProblemException wrong(String field, String what, String expected) {
        return Problem.at(ProblemCode.INVALID_REQUEST, field, what, expected).asException();
    }
}
