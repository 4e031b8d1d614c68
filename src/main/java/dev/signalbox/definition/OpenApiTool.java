package dev.signalbox.definition;

import static dev.signalbox.definition.OpenApiDocument.object;
import static dev.signalbox.definition.OpenApiDocument.text;

import dev.signalbox.definition.OpenApiDocument.Operation;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.tool.Idempotency;
import dev.signalbox.domain.tool.SideEffect;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// An operation as the document of an ordinary tool over HTTP.
final class OpenApiTool {

    /// The argument that stands for the request's body.
    private static final String BODY = "body";

    private static final String JSON = "application/json";
    private static final String KEY_HEADER = "idempotency-key";

    /// Headers that OpenAPI itself takes out of the parameters.
    private static final Set<String> IGNORED_HEADERS =
            Set.of("accept", "content-type", "authorization");

    private final OpenApiDocument document;
    private final Operation operation;
    private final OpenApiSchemas schemas;
    private final Map<String, Json> properties = new LinkedHashMap<>();
    private final List<String> required = new ArrayList<>();
    private final List<String> query = new ArrayList<>();
    private final Map<String, Json> headers = new LinkedHashMap<>();
    private boolean body;
    private boolean key;

    private OpenApiTool(OpenApiDocument document, Operation operation) {
        this.document = document;
        this.operation = operation;
        this.schemas = new OpenApiSchemas(document);
    }

    /// @param stated what the importing document says of the tool itself
    /// @param server begins the URL
    /// @throws Unfit if a call of the operation cannot be made
    static JsonObject of(
            OpenApiDocument document,
            Operation operation,
            String name,
            String server,
            Map<String, Json> stated) {
        return new OpenApiTool(document, operation).tool(name, server, stated);
    }

    private JsonObject tool(String name, String server, Map<String, Json> stated) {
        document.parameters(operation).forEach(this::parameter);
        document.resolved(object(operation.operation(), "requestBody"));
        if (operation.operation().get("requestBody") != null) {
            requestBody(document.resolved(operation.operation().get("requestBody")));
        }
        Set<String> credentials = document.credentials(operation);
        if (!credentials.isEmpty() && !stated.containsKey("auth")) {
            throw new Unfit(
                    "it asks for credentials ("
                            + String.join(", ", credentials)
                            + "); expected 'auth' with the binding to send, or 'auth: []'");
        }
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("kind", Json.text("tool"));
        members.put("name", Json.text(name));
        members.put("description", Json.text(description()));
        members.put("input", schemas.arguments(properties, required));
        SideEffect sideEffect = sideEffect();
        members.put("sideEffect", Json.text(Found.word(sideEffect)));
        if (sideEffect.writes() || isWriting(stated)) {
            members.put("idempotency", Json.text(Found.word(idempotency())));
        }
        members.put("http", http(server, stated));
        stated.forEach(
                (field, value) -> {
                    if (!field.equals("timeout")) {
                        members.put(field, value);
                    }
                });
        return new JsonObject(members);
    }

    private JsonObject http(String server, Map<String, Json> stated) {
        Map<String, Json> http = new LinkedHashMap<>();
        http.put("method", Json.text(operation.method().name()));
        http.put("url", Json.text(server.replaceFirst("/+$", "") + operation.path()));
        if (!query.isEmpty()) {
            http.put("query", Json.of(query));
        }
        if (!headers.isEmpty()) {
            http.put("headers", new JsonObject(headers));
        }
        if (body) {
            http.put("body", Json.text(BODY));
        }
        if (stated.containsKey("timeout")) {
            http.put("timeout", document.resolved(stated.getOrDefault("timeout", Json.text(""))));
        }
        return new JsonObject(http);
    }

    private String description() {
        String said =
                Stream.of("summary", "description")
                        .map(field -> text(operation.operation(), field).strip())
                        .filter(line -> !line.isEmpty())
                        .distinct()
                        .collect(Collectors.joining("\n"));
        return said.isEmpty() ? operation.method() + " " + operation.path() : said;
    }

    private SideEffect sideEffect() {
        return switch (operation.method()) {
            case GET -> SideEffect.READ;
            case POST, PUT, PATCH -> SideEffect.EXTERNAL_WRITE;
            case DELETE -> SideEffect.DESTRUCTIVE;
        };
    }

    private static boolean isWriting(Map<String, Json> stated) {
        return stated.get("sideEffect") instanceof JsonText(String word)
                && !word.equals("read")
                && !word.equals("none");
    }

    /// PUT and DELETE set a state, and setting it twice leaves it set (RFC 9110, section 9.2.2).
    private Idempotency idempotency() {
        return switch (operation.method()) {
            case PUT, DELETE -> key ? Idempotency.KEY : Idempotency.NATURAL;
            case GET, POST, PATCH -> key ? Idempotency.KEY : Idempotency.NONE;
        };
    }

    private void parameter(JsonObject parameter) {
        String name = text(parameter, "name");
        String in = text(parameter, "in");
        boolean needed = new JsonBool(true).equals(parameter.get("required"));
        switch (in) {
            case "path" -> argument(parameter, name, true, "simple");
            case "query" -> {
                argument(parameter, name, needed, "form");
                query.add(name);
            }
            case "header" -> header(parameter, name, needed);
            case "cookie" -> {
                if (needed) {
                    throw new Unfit("the parameter '" + name + "' is a cookie, which no tool sends");
                }
            }
            default ->
                    throw new Unfit(
                            "the parameter '"
                                    + name
                                    + "' stands in '"
                                    + Found.shortened(in)
                                    + "'; expected path, query, header or cookie");
        }
    }

    private void header(JsonObject parameter, String name, boolean needed) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.equals(KEY_HEADER)) {
            key = true;
        } else if (!IGNORED_HEADERS.contains(lower)) {
            argument(parameter, name, needed, "simple");
            headers.put(name, Json.text(name));
        }
    }

    private void argument(JsonObject parameter, String name, boolean needed, String style) {
        String quoted = "the parameter '" + name + "'";
        if (name.isEmpty() || parameter.get("schema") == null) {
            throw new Unfit(quoted + " has no " + (name.isEmpty() ? "name" : "schema"));
        }
        String stated = text(parameter, "style");
        if (!stated.isEmpty() && !stated.equals(style)) {
            throw new Unfit(quoted + " has the style '" + stated + "'; expected '" + style + "'");
        }
        Json schema = schemas.schema(document.resolved(object(parameter, "schema")));
        boolean list = speaksOf(schema, "array");
        boolean joined = new JsonBool(false).equals(parameter.get("explode"));
        if (speaksOf(schema, "object") || (list && (!style.equals("form") || joined))) {
            throw new Unfit(quoted + " is no single value; expected one, or a list in the query");
        }
        add(name, described(schema, text(parameter, "description")), needed);
    }

    private void requestBody(Json source) {
        if (!(source instanceof JsonObject requestBody)) {
            throw new Unfit("the request's body is not an object");
        }
        JsonObject content = object(requestBody, "content");
        JsonObject media =
                content.members().entrySet().stream()
                        .filter(entry -> entry.getKey().split(";", 2)[0].strip().equals(JSON))
                        .map(entry -> entry.getValue() instanceof JsonObject one ? one : JsonObject.EMPTY)
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new Unfit(
                                                "the request's body is "
                                                        + String.join(", ", content.members().keySet())
                                                        + "; expected "
                                                        + JSON));
        add(
                BODY,
                described(
                        schemas.schema(object(media, "schema")), text(requestBody, "description")),
                new JsonBool(true).equals(requestBody.get("required")));
        body = true;
    }

    private void add(String name, Json schema, boolean needed) {
        if (properties.putIfAbsent(name, schema) != null) {
            throw new Unfit("two arguments would be called '" + name + "'");
        }
        if (needed) {
            required.add(name);
        }
    }

    private static boolean speaksOf(Json schema, String type) {
        return schema instanceof JsonObject object
                && Json.text(type).equals(object.get("type"));
    }

    private static Json described(Json schema, String description) {
        if (description.isBlank()
                || !(schema instanceof JsonObject object)
                || object.get("description") != null) {
            return schema;
        }
        Map<String, Json> members = new LinkedHashMap<>(object.members());
        members.put("description", Json.text(description));
        return new JsonObject(members);
    }
}
