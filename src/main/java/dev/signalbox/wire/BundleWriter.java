package dev.signalbox.wire;

import dev.signalbox.domain.bundle.BundleFormat;
import dev.signalbox.domain.bundle.BundleFormat.Section;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.JournalEntry;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes a bundle piece by piece: what it keeps is a digest an item, not the item.
///
/// Sections come in their order, each in as many pieces as wanted. Not for several threads at once.
public final class BundleWriter {

    private static final List<Section> SECTIONS = List.of(Section.values());

    private final JsonObject head;
    private final Map<Section, Map<String, Json>> sealed = new EnumMap<>(Section.class);
    private int open = -1;
    private boolean empty = true;

    /// @param head the members that come before the first section
    public BundleWriter(JsonObject head) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("schemaVersion", Json.number(BundleFormat.SCHEMA_VERSION));
        members.putAll(head.members());
        this.head = new JsonObject(members);
    }

    /// The next piece: items of `section`.
    public String piece(Section section, List<JsonObject> items) {
        StringBuilder text = new StringBuilder();
        upTo(SECTIONS.indexOf(section), text);
        for (JsonObject item : items) {
            text.append(empty ? "\n" : ",\n").append(item.canonical());
            empty = false;
            if (section != Section.EVENTS) {
                sealed.computeIfAbsent(section, _ -> new LinkedHashMap<>())
                        .put(section.id(item), Json.text(item.digest().value()));
            }
        }
        return text.toString();
    }

    /// The last piece.
    public String end(List<JsonObject> chainHeads, List<JsonObject> anchors) {
        StringBuilder text = new StringBuilder();
        upTo(SECTIONS.size(), text);
        JsonArray heads = new JsonArray(List.copyOf(chainHeads));
        JsonArray anchored = new JsonArray(List.copyOf(anchors));
        Map<String, Json> seal = new LinkedHashMap<>();
        sealed.forEach((section, digests) -> seal.put(section.key(), new JsonObject(digests)));
        Json digest =
                Json.text(
                        BundleFormat.seal(head, heads, anchored, new JsonObject(seal)).value());
        seal.put("digest", digest);
        return text.append(",\n\"chainHeads\":")
                .append(heads.canonical())
                .append(",\n\"anchors\":")
                .append(anchored.canonical())
                .append(",\n\"seal\":")
                .append(new JsonObject(seal).canonical())
                .append("}\n")
                .toString();
    }

    private void upTo(int section, StringBuilder text) {
        if (open < 0) {
            String members = head.canonical();
            text.append(members, 0, members.length() - 1);
        }
        while (open < section) {
            text.append(open < 0 ? "" : "]");
            open++;
            empty = true;
            if (open < SECTIONS.size()) {
                text.append(",\n\"").append(SECTIONS.get(open).key()).append("\":[");
            }
        }
    }

    /// An entry as bundles have it.
    public static JsonObject event(JournalEntry entry) {
        return RecordCodec.encode(entry);
    }
}
