package dev.signalbox.definition;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Schemas of an OpenAPI document as JSON Schema 2020-12 that stands by itself: what is referred to
/// is written out in its place; what refers to itself goes under `$defs`.
///
/// Bounds: at most 20,000 values a schema.
final class OpenApiSchemas {

    private static final int MAX_VALUES = 20_000;
    private static final String DEFS = "$defs";

    /// Says nothing about what is valid.
    private static final Set<String> DROPPED =
            Set.of("example", "discriminator", "xml", "externalDocs", "nullable");

    private static final Set<String> NAMED =
            Set.of("properties", "patternProperties", "dependentSchemas", DEFS);

    /// Values that are no schemas, whatever they look like.
    private static final Set<String> VALUES = Set.of("const", "default", "enum", "examples");

    private final OpenApiDocument document;
    private final boolean modern;
    private final Set<String> open = new LinkedHashSet<>();
    private final Set<String> circular = new LinkedHashSet<>();
    private int values;

    OpenApiSchemas(OpenApiDocument document) {
        this.document = document;
        this.modern = document.modern();
    }

    /// The schema of arguments whose properties are `properties`, all references written out.
    JsonObject arguments(Map<String, Json> properties, List<String> required) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("type", Json.text("object"));
        members.put("properties", new JsonObject(properties));
        if (!required.isEmpty()) {
            members.put("required", Json.of(required));
        }
        members.put("additionalProperties", new JsonBool(false));
        Map<String, Json> definitions = definitions();
        if (!definitions.isEmpty()) {
            members.put(DEFS, new JsonObject(definitions));
        }
        return new JsonObject(members);
    }

    private Map<String, Json> definitions() {
        Map<String, Json> definitions = new LinkedHashMap<>();
        Set<String> done = new HashSet<>();
        while (done.size() < circular.size()) {
            for (String reference : List.copyOf(circular)) {
                if (done.add(reference)) {
                    open.add(reference);
                    definitions.put(name(reference), schema(document.at(reference)));
                    open.remove(reference);
                }
            }
        }
        return definitions;
    }

    /// @throws Unfit if it refers to what is not there, or grows too large
    Json schema(Json source) {
        if (++values > MAX_VALUES) {
            throw new Unfit("the schema is too large with everything that it refers to");
        }
        if (!(source instanceof JsonObject object)) {
            return source;
        }
        if (object.get("$ref") instanceof JsonText(String reference)) {
            return referred(reference, object);
        }
        Map<String, Json> members = new LinkedHashMap<>();
        object.members()
                .forEach(
                        (keyword, value) -> {
                            if (!DROPPED.contains(keyword) && !isExtension(keyword)) {
                                members.put(keyword, child(keyword, value));
                            }
                        });
        if (!modern) {
            modernise(object, members);
        }
        return new JsonObject(members);
    }

    private Json referred(String reference, JsonObject object) {
        if (open.contains(reference) || circular.contains(reference)) {
            circular.add(reference);
            return new JsonObject(
                    Map.of("$ref", Json.text("#/" + DEFS + "/" + name(reference))));
        }
        open.add(reference);
        Json target = schema(document.at(reference));
        open.remove(reference);
        Json description = object.get("description");
        if (!modern
                || description == null
                || !(target instanceof JsonObject written)
                || written.get("$ref") != null) {
            return target;
        }
        Map<String, Json> members = new LinkedHashMap<>(written.members());
        members.put("description", description);
        return new JsonObject(members);
    }

    private Json child(String keyword, Json value) {
        if (VALUES.contains(keyword)) {
            return value;
        }
        return switch (value) {
            case JsonObject object when NAMED.contains(keyword) -> {
                Map<String, Json> named = new LinkedHashMap<>();
                object.members().forEach((name, member) -> named.put(name, schema(member)));
                yield new JsonObject(named);
            }
            case JsonObject object -> schema(object);
            case JsonArray(List<Json> items) ->
                    new JsonArray(items.stream().map(this::schema).toList());
            case JsonNull _, JsonBool _, JsonNumber _, JsonText _ -> value;
        };
    }

    /// What 3.0 says in words of its own.
    private static void modernise(JsonObject source, Map<String, Json> members) {
        exclusive(members, "minimum", "exclusiveMinimum");
        exclusive(members, "maximum", "exclusiveMaximum");
        if (!new JsonBool(true).equals(source.get("nullable"))) {
            return;
        }
        if (members.get("type") instanceof JsonText type) {
            members.put("type", new JsonArray(List.of(type, Json.text("null"))));
        }
        if (members.get("enum") instanceof JsonArray(List<Json> constants)
                && !constants.contains(JsonNull.NULL)) {
            List<Json> all = new ArrayList<>(constants);
            all.add(JsonNull.NULL);
            members.put("enum", new JsonArray(all));
        }
    }

    private static void exclusive(Map<String, Json> members, String bound, String exclusive) {
        if (members.get(exclusive) instanceof JsonBool(boolean strict)) {
            members.remove(exclusive);
            Json value = members.get(bound);
            if (strict && value != null) {
                members.remove(bound);
                members.put(exclusive, value);
            }
        }
    }

    private static boolean isExtension(String keyword) {
        return keyword.startsWith("x-") && !keyword.equals("x-sensitive");
    }

    private static String name(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }
}
