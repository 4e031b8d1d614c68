package dev.signalbox.operator;

import dev.signalbox.definition.Source;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.operator.DefinitionCommands.Applied;
import dev.signalbox.operator.view.DefinitionView;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.PageRequest;
import dev.signalbox.web.Caller;
import dev.signalbox.web.Paging;
import dev.signalbox.web.Paging.Items;
import dev.signalbox.web.RunListQuery;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// Definitions, for operators.
@Path("/operator/v1/definitions")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "operator: definitions", description = "What runs can be of")
public class DefinitionsResource {

    private final DefinitionStore store;
    private final DefinitionCommands commands;
    private final Caller caller;

    DefinitionsResource(DefinitionStore store, DefinitionCommands commands, Caller caller) {
        this.store = store;
        this.commands = commands;
        this.caller = caller;
    }

    @GET
    @Operation(summary = "What every name and version means now, by name and from the lowest version")
    public Uni<Items<DefinitionView>> list(
            @RestQuery @Nullable String limit, @RestQuery @Nullable String cursor) {
        Access.toRead(caller.actor());
        PageRequest page = Paging.request(limit, null);
        int from = cursor == null ? 0 : position(cursor);
        return store.list().map(all -> page(all, from, page.limit()));
    }

    private static Items<DefinitionView> page(List<DefinitionRef> all, int from, int limit) {
        int until = Math.min(all.size(), from + limit);
        return new Items<>(
                all.subList(Math.min(from, until), until).stream()
                        .map(DefinitionView::of)
                        .toList(),
                until < all.size() ? Optional.of(Integer.toString(until)) : Optional.empty());
    }

    private static int position(String cursor) {
        if (cursor.matches("\\d{1,6}")) {
            return Integer.parseInt(cursor);
        }
        throw Problem.at(
                        ProblemCode.INVALID_REQUEST,
                        "cursor",
                        "that is no cursor",
                        "'nextCursor' of the page before")
                .asException();
    }

    @GET
    @Path("/{name: .+}")
    @Operation(summary = "A definition with everything that it refers to; the highest version if none is asked for")
    public Uni<DefinitionView.Bundle> get(
            @RestPath String name, @RestQuery @Nullable String version) {
        Access.toRead(caller.actor());
        return store.resolve(name, RunListQuery.given("version", version))
                .map(found -> found.map(DefinitionView.Bundle::of).orElseThrow(() -> missing()));
    }

    private static ProblemException missing() {
        return ProblemException.of(ProblemCode.NOT_FOUND, "There is no such definition.");
    }

    /// YAML documents to apply.
    ///
    /// @param documents one YAML text, or several by the names of their files
    @Schema(name = "DefinitionDocuments")
    public record Documents(
            @Schema(implementation = Object.class, description = "YAML, or YAML by file name")
                    Optional<Json> documents,
            Optional<String> reason) {}

    @POST
    @Operation(
            summary = "Apply definitions",
            description =
                    "All of them or none. The documents hold everything that they refer to. A version"
                        + " that is there with another content is `409 version_taken`. Runs that are"
                        + " under way keep what they pinned. `?dryRun=true` changes nothing.")
    public Uni<Applied> apply(@RestQuery @Nullable String dryRun, @Nullable Documents body) {
        List<Source> sources = sources(body == null ? Optional.empty() : body.documents());
        return RunListQuery.flag("dryRun", dryRun)
                ? commands.check(caller.actor(), sources)
                : commands.apply(
                        caller.actor(),
                        sources,
                        body == null ? Optional.empty() : body.reason());
    }

    private static List<Source> sources(Optional<Json> documents) {
        return switch (documents.orElse(Json.JsonNull.NULL)) {
            case JsonText(String text) -> List.of(new Source("documents", text));
            case JsonObject files when !files.members().isEmpty() ->
                    files.members().entrySet().stream().map(DefinitionsResource::source).toList();
            default -> throw wrong();
        };
    }

    private static Source source(Map.Entry<String, Json> file) {
        if (file.getValue() instanceof JsonText(String text)) {
            return new Source(file.getKey(), text);
        }
        throw wrong();
    }

    private static ProblemException wrong() {
        return Problem.at(
                        ProblemCode.INVALID_REQUEST,
                        "documents",
                        "there are no documents",
                        "a YAML text, or an object of YAML texts by file name")
                .asException();
    }
}
