package dev.signalbox.definition;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A JSON value that knows where each part of it stands.
sealed interface Node {

    Place place();

    /// The value without its places.
    Json json();

    /// Null, true or false, a number, a text.
    record Leaf(Json json, Place place) implements Node {}

    record Items(List<Node> items, Place place) implements Node {
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public Json json() {
            return new JsonArray(items.stream().map(Node::json).toList());
        }
    }

    record Members(Map<String, Member> members, Place place) implements Node {
        public Members {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        @Override
        public JsonObject json() {
            Map<String, Json> json = new LinkedHashMap<>();
            members.forEach((name, member) -> json.put(name, member.value().json()));
            return new JsonObject(json);
        }
    }

    /// @param place of the name
    record Member(Place place, Node value) {}

    /// The node for a value that stands in a bundle; places are its paths.
    static Node of(Json json, String path) {
        Place place = new Place(path, 0);
        return switch (json) {
            case JsonArray(List<Json> values) -> {
                List<Node> items = new ArrayList<>();
                for (Json value : values) {
                    items.add(of(value, path + "/" + items.size()));
                }
                yield new Items(items, place);
            }
            case JsonObject object -> {
                Map<String, Member> members = new LinkedHashMap<>();
                object.members()
                        .forEach(
                                (name, value) -> {
                                    String here = path + "/" + name;
                                    members.put(
                                            name, new Member(new Place(here, 0), of(value, here)));
                                });
                yield new Members(members, place);
            }
            case JsonNull _, JsonBool _, JsonNumber _, JsonText _ -> new Leaf(json, place);
        };
    }

    /// Where the value that a JSON Pointer names stands, or what is nearest to it.
    default Place placeOf(String pointer) {
        Place place = place();
        Node node = this;
        String[] names = pointer.split("/", -1);
        for (int index = 1; index < names.length; index++) {
            String name = names[index].replace("~1", "/").replace("~0", "~");
            if (node instanceof Members(var members, _) && members.containsKey(name)) {
                Member member = members.get(name);
                place = member.place();
                node = member.value();
            } else if (node instanceof Items(var items, _)
                    && name.matches("\\d{1,6}")
                    && Integer.parseInt(name) < items.size()) {
                node = items.get(Integer.parseInt(name));
                place = node.place();
            } else {
                return place;
            }
        }
        return place;
    }
}
