package dev.signalbox.definition;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.json.SensitiveParts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds in a JSON Schema what its meta-schema lets pass: misspelt keywords, references that lead
/// out of it or round in a circle, patterns that cannot be used.
final class SchemaLint {

    static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

    private static final String STANDARD = "https://json-schema.org/draft/2020-12/";

    private static final Set<String> ONE =
            Set.of(
                    "items",
                    "contains",
                    "additionalProperties",
                    "propertyNames",
                    "not",
                    "if",
                    "then",
                    "else",
                    "unevaluatedItems",
                    "unevaluatedProperties",
                    "contentSchema");
    private static final Set<String> LISTS = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
    private static final Set<String> MAPS =
            Set.of("properties", "patternProperties", "$defs", "dependentSchemas");
    private static final Set<String> OTHERS =
            Set.of(
                    "$schema",
                    "$id",
                    "$ref",
                    "$anchor",
                    "$dynamicRef",
                    "$dynamicAnchor",
                    "$vocabulary",
                    "$comment",
                    "type",
                    "enum",
                    "const",
                    "multipleOf",
                    "maximum",
                    "exclusiveMaximum",
                    "minimum",
                    "exclusiveMinimum",
                    "maxLength",
                    "minLength",
                    "pattern",
                    "maxItems",
                    "minItems",
                    "uniqueItems",
                    "maxContains",
                    "minContains",
                    "maxProperties",
                    "minProperties",
                    "required",
                    "dependentRequired",
                    "title",
                    "description",
                    "default",
                    "deprecated",
                    "readOnly",
                    "writeOnly",
                    "examples",
                    "format",
                    "contentEncoding",
                    "contentMediaType",
                    SensitiveParts.KEYWORD);

    /// Keywords whose schemas speak of the same value as the schema that they stand in.
    private static final Set<String> IN_PLACE =
            Set.of("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas");

    private static final Set<String> KEYWORDS = keywords();

    private final JsonObject root;
    private final List<Finding> problems = new ArrayList<>();
    private final Map<String, JsonObject> schemas = new LinkedHashMap<>();
    private final Set<String> anchors = new LinkedHashSet<>();
    private final Map<String, String> anchorsUsed = new LinkedHashMap<>();
    private final Set<String> circles = new LinkedHashSet<>();

    private SchemaLint(JsonObject root) {
        this.root = root;
    }

    static List<Finding> problems(JsonObject schema) {
        SchemaLint lint = new SchemaLint(schema);
        lint.visit("", schema);
        lint.anchorsUsed.forEach(
                (path, anchor) -> {
                    if (!lint.anchors.contains(anchor)) {
                        lint.add(path, "there is nothing at '#" + anchor + "'");
                    }
                });
        lint.schemas.keySet().forEach(path -> lint.follow(path, new LinkedHashSet<>()));
        lint.circles.forEach(path -> lint.add(path, "the schema refers to itself without end"));
        return List.copyOf(lint.problems);
    }

    /// Whether `iri` names the standard's own meta-schemas, which the library brings along.
    static boolean isOfStandard(String iri) {
        return iri.startsWith(STANDARD);
    }

    private void visit(String path, Json json) {
        if (!(json instanceof JsonObject schema)) {
            return;
        }
        schemas.put(path, schema);
        schema.members().forEach((keyword, value) -> visit(path, keyword, value));
    }

    private void visit(String path, String keyword, Json value) {
        String here = path + "/" + escaped(keyword);
        if (!KEYWORDS.contains(keyword)) {
            NearMiss.of(keyword, KEYWORDS)
                    .ifPresent(
                            meant ->
                                    add(
                                            here,
                                            "unknown keyword '"
                                                    + keyword
                                                    + "'; did you mean '"
                                                    + meant
                                                    + "'?"));
        } else if (value instanceof JsonText(String text)) {
            text(here, keyword, text);
        } else {
            children(here, keyword, value).forEach(this::visit);
        }
        if (keyword.equals(SensitiveParts.KEYWORD) && !(value instanceof JsonBool)) {
            add(here, "expected true or false");
        }
        if (keyword.equals("patternProperties") && value instanceof JsonObject patterns) {
            patterns.members()
                    .keySet()
                    .forEach(regex -> pattern(here + "/" + escaped(regex), regex));
        }
    }

    private void text(String here, String keyword, String text) {
        switch (keyword) {
            case "$schema" -> {
                if (!text.equals(DIALECT)) {
                    add(here, "only JSON Schema 2020-12 is supported: '" + DIALECT + "'");
                }
            }
            case "$anchor", "$dynamicAnchor" -> anchors.add(text);
            case "$ref", "$dynamicRef" -> reference(here, text);
            case "pattern" -> pattern(here, text);
            default -> {}
        }
    }

    private void reference(String here, String text) {
        if (isOfStandard(text)) {
            return;
        }
        if (!text.startsWith("#")) {
            add(here, "a reference stays within its schema: expected '#/$defs/…'");
        } else if (!text.equals("#") && !text.startsWith("#/")) {
            anchorsUsed.put(here, text.substring(1));
        } else if (resolve(text).isEmpty()) {
            add(here, "there is nothing at '" + text + "'");
        }
    }

    private void pattern(String here, String regex) {
        LinearPatterns.problem(regex).ifPresent(problem -> add(here, problem));
    }

    private static Map<String, Json> children(String here, String keyword, Json value) {
        Map<String, Json> children = new LinkedHashMap<>();
        if (ONE.contains(keyword)) {
            children.put(here, value);
        } else if (LISTS.contains(keyword) && value instanceof JsonArray(List<Json> items)) {
            for (int index = 0; index < items.size(); index++) {
                children.put(here + "/" + index, items.get(index));
            }
        } else if (MAPS.contains(keyword) && value instanceof JsonObject members) {
            members.members()
                    .forEach((name, member) -> children.put(here + "/" + escaped(name), member));
        }
        return children;
    }

    /// Follows what must hold of one and the same value; coming back is going in a circle.
    private void follow(String path, Set<String> behind) {
        JsonObject schema = schemas.get(path);
        if (schema == null || circles.contains(path)) {
            return;
        }
        if (!behind.add(path)) {
            circles.add(path);
            return;
        }
        schema.members()
                .forEach(
                        (keyword, value) -> {
                            if (keyword.equals("$ref")
                                    && value instanceof JsonText(String target)) {
                                follow(target.startsWith("#") ? target.substring(1) : "?", behind);
                            } else if (IN_PLACE.contains(keyword)) {
                                children(path + "/" + keyword, keyword, value)
                                        .keySet()
                                        .forEach(child -> follow(child, behind));
                            }
                        });
        behind.remove(path);
    }

    private Optional<Json> resolve(String reference) {
        Optional<Json> found = Optional.of(root);
        String[] names = reference.substring(1).split("/", -1);
        for (int index = 1; index < names.length; index++) {
            String name = names[index].replace("~1", "/").replace("~0", "~");
            found = found.flatMap(json -> member(json, name));
        }
        return found.filter(json -> json instanceof JsonObject || json instanceof JsonBool);
    }

    private static Optional<Json> member(Json json, String name) {
        return switch (json) {
            case JsonObject object -> Optional.ofNullable(object.get(name));
            case JsonArray(List<Json> items)
                    when name.matches("\\d{1,6}") && Integer.parseInt(name) < items.size() ->
                    Optional.of(items.get(Integer.parseInt(name)));
            default -> Optional.empty();
        };
    }

    private void add(String path, String message) {
        problems.add(new Finding(path, message));
    }

    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static Set<String> keywords() {
        Set<String> all = new LinkedHashSet<>(OTHERS);
        all.addAll(ONE);
        all.addAll(LISTS);
        all.addAll(MAPS);
        return Set.copyOf(all);
    }
}
