package dev.signalbox.support.provider;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A part of a request, checked as a strict server checks it: what does not fit throws
/// [IllegalArgumentException].
record Shape(String where, JsonObject value) {

    static Shape of(String where, Json value) {
        if (value instanceof JsonObject object) {
            return new Shape(where, object);
        }
        throw new IllegalArgumentException(where + ": expected an object");
    }

    /// All of the first, any of the second, and nothing else.
    Shape only(Set<String> required, Set<String> optional) {
        required.forEach(name -> require(has(name), name + " is missing"));
        value.members()
                .keySet()
                .forEach(
                        name ->
                                require(
                                        required.contains(name) || optional.contains(name),
                                        "unknown field " + name));
        return this;
    }

    boolean has(String name) {
        return value.get(name) != null;
    }

    String text(String name) {
        if (value.get(name) instanceof JsonText(String text)) {
            return text;
        }
        throw new IllegalArgumentException(where + "." + name + ": expected a text");
    }

    String spoken(String name) {
        String text = text(name);
        require(!text.isBlank(), name + " says nothing");
        return text;
    }

    void number(String name, double least, double most) {
        if (has(name)) {
            require(
                    value.get(name) instanceof JsonNumber(var number)
                            && number.doubleValue() >= least
                            && number.doubleValue() <= most,
                    name + ": expected a number from " + least + " to " + most);
        }
    }

    Shape object(String name) {
        return of(where + "." + name, value.members().getOrDefault(name, Json.text("")));
    }

    List<Shape> objects(String name) {
        if (!(value.get(name) instanceof JsonArray(List<Json> items))) {
            throw new IllegalArgumentException(where + "." + name + ": expected an array");
        }
        List<Shape> shapes = new ArrayList<>();
        items.forEach(item -> shapes.add(of(where + "." + name + "[" + shapes.size() + "]", item)));
        return shapes;
    }

    void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(where + ": " + message);
        }
    }
}
