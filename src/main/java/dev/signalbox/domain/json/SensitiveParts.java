package dev.signalbox.domain.json;

import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds in a value what its JSON Schema declares `x-sensitive: true`.
///
/// Guarantee: whatever any branch of the schema says of a place counts, whether the value matches
/// that branch or not: in doubt a part is sensitive.
public final class SensitiveParts {

    /// The keyword in a schema.
    public static final String KEYWORD = "x-sensitive";

    private static final Set<String> BRANCHES =
            Set.of("allOf", "anyOf", "oneOf", "if", "then", "else", "not", "dependentSchemas");

    private final JsonObject root;

    public SensitiveParts(JsonObject schema) {
        this.root = schema;
    }

    /// The value with a mark in the place of each sensitive part.
    public Json without(Json value) {
        return walk(value, List.of(root), new ArrayList<>());
    }

    /// The sensitive parts themselves, texts and numbers, as texts.
    public List<String> of(Json value) {
        List<String> found = new ArrayList<>();
        walk(value, List.of(root), found);
        return List.copyOf(found);
    }

    private Json walk(Json value, List<JsonObject> schemas, List<String> found) {
        if (schemas.isEmpty()) {
            return value;
        }
        Set<JsonObject> all = new LinkedHashSet<>();
        schemas.forEach(schema -> expand(schema, all));
        if (!(value instanceof JsonNull) && all.stream().anyMatch(SensitiveParts::sensitive)) {
            collect(value, found);
            return new JsonText(Redactor.MARK);
        }
        return switch (value) {
            case JsonObject object -> {
                Map<String, Json> members = new LinkedHashMap<>();
                object.members()
                        .forEach(
                                (name, member) ->
                                        members.put(name, walk(member, ofMember(name, all), found)));
                yield new JsonObject(members);
            }
            case JsonArray(List<Json> items) -> {
                List<Json> walked = new ArrayList<>();
                for (int index = 0; index < items.size(); index++) {
                    walked.add(walk(items.get(index), ofItem(index, all), found));
                }
                yield new JsonArray(walked);
            }
            case JsonText _, JsonNumber _, JsonBool _, JsonNull _ -> value;
        };
    }

    private static boolean sensitive(JsonObject schema) {
        return schema.get(KEYWORD) instanceof JsonBool(boolean yes) && yes;
    }

    private static void collect(Json value, List<String> found) {
        switch (value) {
            case JsonText(String text) -> found.add(text);
            case JsonNumber(var number) -> found.add(number.toPlainString());
            case JsonArray(List<Json> items) -> items.forEach(item -> collect(item, found));
            case JsonObject object ->
                    object.members().values().forEach(member -> collect(member, found));
            case JsonBool _, JsonNull _ -> {}
        }
    }

    /// The schema and all that speak of the same value with it.
    private void expand(JsonObject schema, Set<JsonObject> all) {
        if (!all.add(schema)) {
            return;
        }
        schema.members()
                .forEach(
                        (keyword, value) -> {
                            if (BRANCHES.contains(keyword)) {
                                objects(value).forEach(branch -> expand(branch, all));
                            } else if (value instanceof JsonText(String target)
                                    && (keyword.equals("$ref") || keyword.equals("$dynamicRef"))) {
                                resolve(target).ifPresent(other -> expand(other, all));
                            }
                        });
    }

    private static Stream<JsonObject> objects(Json value) {
        return switch (value) {
            case JsonArray(List<Json> items) -> items.stream().flatMap(SensitiveParts::objects);
            case JsonObject object ->
                    Stream.concat(
                            Stream.of(object),
                            object.members().values().stream()
                                    .filter(JsonObject.class::isInstance)
                                    .map(JsonObject.class::cast));
            case JsonText _, JsonNumber _, JsonBool _, JsonNull _ -> Stream.empty();
        };
    }

    private Optional<JsonObject> resolve(String reference) {
        if (reference.equals("#")) {
            return Optional.of(root);
        }
        if (!reference.startsWith("#/")) {
            return reference.startsWith("#")
                    ? anchored(root, reference.substring(1))
                    : Optional.empty();
        }
        Json found = root;
        for (String name : reference.substring(2).split("/", -1)) {
            String plain = name.replace("~1", "/").replace("~0", "~");
            Json next =
                    switch (found) {
                        case JsonObject object -> object.get(plain);
                        case JsonArray(List<Json> items)
                                when plain.matches("\\d{1,6}")
                                        && Integer.parseInt(plain) < items.size() ->
                                items.get(Integer.parseInt(plain));
                        case JsonArray _, JsonText _, JsonNumber _, JsonBool _, JsonNull _ -> null;
                    };
            if (next == null) {
                return Optional.empty();
            }
            found = next;
        }
        return found instanceof JsonObject object ? Optional.of(object) : Optional.empty();
    }

    private static Optional<JsonObject> anchored(Json json, String anchor) {
        return switch (json) {
            case JsonObject object when named(object, anchor) -> Optional.of(object);
            case JsonObject object ->
                    object.members().values().stream()
                            .flatMap(member -> anchored(member, anchor).stream())
                            .findFirst();
            case JsonArray(List<Json> items) ->
                    items.stream().flatMap(item -> anchored(item, anchor).stream()).findFirst();
            case JsonText _, JsonNumber _, JsonBool _, JsonNull _ -> Optional.empty();
        };
    }

    private static boolean named(JsonObject schema, String anchor) {
        return Json.text(anchor).equals(schema.get("$anchor"))
                || Json.text(anchor).equals(schema.get("$dynamicAnchor"));
    }

    private static List<JsonObject> ofMember(String name, Set<JsonObject> schemas) {
        List<JsonObject> found = new ArrayList<>();
        for (JsonObject schema : schemas) {
            if (schema.get("properties") instanceof JsonObject properties) {
                add(properties.get(name), found);
            }
            if (schema.get("patternProperties") instanceof JsonObject patterns) {
                patterns.members()
                        .forEach(
                                (pattern, member) -> {
                                    if (matches(pattern, name)) {
                                        add(member, found);
                                    }
                                });
            }
            add(schema.get("additionalProperties"), found);
            add(schema.get("unevaluatedProperties"), found);
        }
        return found;
    }

    private static List<JsonObject> ofItem(int index, Set<JsonObject> schemas) {
        List<JsonObject> found = new ArrayList<>();
        for (JsonObject schema : schemas) {
            if (schema.get("prefixItems") instanceof JsonArray(List<Json> first)
                    && index < first.size()) {
                add(first.get(index), found);
            }
            add(schema.get("items"), found);
            add(schema.get("contains"), found);
            add(schema.get("unevaluatedItems"), found);
        }
        return found;
    }

    private static void add(@Nullable Json json, List<JsonObject> found) {
        if (json instanceof JsonObject schema) {
            found.add(schema);
        }
    }

    /// A pattern that cannot be tried here counts as one that matches.
    private static boolean matches(String pattern, String name) {
        try {
            return Pattern.compile(pattern).matcher(name).find();
        } catch (PatternSyntaxException | StackOverflowError _) {
            return true;
        }
    }
}
