package dev.signalbox.definition;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.tool.HttpCall.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An OpenAPI document, 3.0 or 3.1, as far as calls are made of it.
final class OpenApiDocument {

    /// @param place where it stands in the document
    record Operation(
            String id,
            Method method,
            String path,
            JsonObject pathItem,
            JsonObject operation,
            Place place) {}

    private final JsonObject root;
    private final Map<String, Operation> operations = new LinkedHashMap<>();

    /// @throws Unfit if it is no such document
    OpenApiDocument(Node document) {
        if (!(document.json() instanceof JsonObject object)) {
            throw new Unfit("expected an OpenAPI document, found " + Found.in(document));
        }
        this.root = object;
        String version = object.get("openapi") instanceof JsonText(String text) ? text : "";
        if (!version.matches("3\\.[01]\\.\\d+(-.*)?")) {
            throw new Unfit("expected an OpenAPI document of version 3.0 or 3.1 ('openapi: 3.…')");
        }
        object(object, "paths").members().forEach((path, item) -> add(document, path, item));
    }

    private void add(Node document, String path, Json item) {
        if (!(resolved(item) instanceof JsonObject pathItem)) {
            return;
        }
        for (Method method : Method.values()) {
            String name = method.name().toLowerCase(Locale.ROOT);
            if (pathItem.get(name) instanceof JsonObject operation
                    && operation.get("operationId") instanceof JsonText(String id)) {
                Place place =
                        document.placeOf("/paths/" + SchemaLint.escaped(path) + "/" + name);
                Operation other =
                        operations.put(
                                id, new Operation(id, method, path, pathItem, operation, place));
                if (other != null) {
                    throw new Unfit("two operations have the operationId '" + id + "'");
                }
            }
        }
    }

    /// By their ids; those without one cannot be named.
    Map<String, Operation> operations() {
        return operations;
    }

    /// Whether the version's schemas are those of 2020-12.
    boolean modern() {
        return root.get("openapi") instanceof JsonText(String version) && version.startsWith("3.1");
    }

    /// The address of the first server, if it is one.
    Optional<String> server() {
        return root.get("servers") instanceof JsonArray(List<Json> servers)
                        && !servers.isEmpty()
                        && servers.getFirst() instanceof JsonObject first
                        && first.get("url") instanceof JsonText(String url)
                        && url.matches("https?://[^{}\\s]+")
                ? Optional.of(url)
                : Optional.empty();
    }

    /// The names of the security schemes that a call of the operation has to satisfy; empty if it
    /// need not satisfy any.
    Set<String> credentials(Operation operation) {
        Json security =
                Optional.ofNullable(operation.operation().get("security"))
                        .or(() -> Optional.ofNullable(root.get("security")))
                        .orElse(new JsonArray(List.of()));
        Set<String> names = new LinkedHashSet<>();
        if (security instanceof JsonArray(List<Json> alternatives)) {
            for (Json alternative : alternatives) {
                if (alternative instanceof JsonObject schemes) {
                    if (schemes.members().isEmpty()) {
                        return Set.of();
                    }
                    names.addAll(schemes.members().keySet());
                }
            }
        }
        return names;
    }

    /// The parameters of the operation, its own before those of its path.
    List<JsonObject> parameters(Operation operation) {
        Map<String, JsonObject> parameters = new LinkedHashMap<>();
        for (JsonObject level : List.of(operation.operation(), operation.pathItem())) {
            if (level.get("parameters") instanceof JsonArray(List<Json> items)) {
                for (Json item : items) {
                    if (!(resolved(item) instanceof JsonObject parameter)) {
                        throw new Unfit("a parameter is not an object");
                    }
                    parameters.putIfAbsent(
                            text(parameter, "in") + " " + text(parameter, "name"), parameter);
                }
            }
        }
        return new ArrayList<>(parameters.values());
    }

    /// What `json` refers to, if it is a reference.
    ///
    /// @throws Unfit if that leads nowhere, or out of the document
    Json resolved(Json json) {
        Json here = json;
        Set<String> behind = new LinkedHashSet<>();
        while (here instanceof JsonObject object
                && object.get("$ref") instanceof JsonText(String reference)) {
            if (!behind.add(reference)) {
                throw new Unfit("'" + reference + "' refers to itself");
            }
            here = at(reference);
        }
        return here;
    }

    /// What a reference names.
    Json at(String reference) {
        if (!reference.startsWith("#/")) {
            throw new Unfit(
                    "'" + Found.shortened(reference) + "' leads out of the document; expected"
                            + " '#/components/…'");
        }
        Json here = root;
        for (String part : reference.substring(2).split("/", -1)) {
            String name = part.replace("~1", "/").replace("~0", "~").replace("%7B", "{").replace("%7D", "}");
            Json next = here instanceof JsonObject object ? object.get(name) : null;
            if (next == null) {
                throw new Unfit("there is nothing at '" + Found.shortened(reference) + "'");
            }
            here = next;
        }
        return here;
    }

    static JsonObject object(JsonObject from, String name) {
        return from.get(name) instanceof JsonObject object ? object : JsonObject.EMPTY;
    }

    /// A member that is a text; empty text without it.
    static String text(JsonObject from, String name) {
        return from.get(name) instanceof JsonText(String text) ? text : "";
    }
}
