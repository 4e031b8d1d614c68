package dev.signalbox.domain.bundle;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How a bundle is laid out: what who writes it and who checks it agree on.
///
/// Events prove themselves by their chains. Everything else stands in the seal with its digest, and
/// the seal has a digest over itself, the head of the document and the chains' heads.
public final class BundleFormat {

    /// Of the layout that this version writes and reads.
    public static final int SCHEMA_VERSION = 1;

    static final String HEADS = "chainHeads";
    static final String ANCHORS = "anchors";
    static final String SEAL = "seal";
    static final String DIGEST = "digest";

    /// Members whose digests name no value of the run: they bind something else.
    private static final Set<String> BINDINGS =
            Set.of("callDigest", "policyDigest", "toolDigest", "definitionDigest", DIGEST);

    /// The lists of a bundle, in their order.
    public enum Section {
        RUNS,
        DEFINITIONS,
        EVENTS,
        PAYLOADS,
        APPROVALS,
        AUDIT;

        /// The member's name.
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// What the seal calls an item of this list.
        public String id(JsonObject item) {
            return switch (this) {
                case RUNS -> item.get("identity") instanceof JsonObject run ? text(run, "id") : "";
                case DEFINITIONS -> text(item, DIGEST);
                case EVENTS -> text(item, "hash");
                case PAYLOADS -> text(item, "runId") + "/" + text(item, DIGEST);
                case APPROVALS, AUDIT -> text(item, "id");
            };
        }
    }

    private BundleFormat() {}

    static String text(JsonObject object, String member) {
        return object.get(member) instanceof JsonText(String text) ? text : "";
    }

    /// The digests in an event's data that name values of the run.
    public static Stream<Digest> payloads(Json data) {
        return switch (data) {
            case JsonText(String text) -> Digest.find(text).stream();
            case JsonArray(List<Json> items) -> items.stream().flatMap(BundleFormat::payloads);
            case JsonObject object ->
                    object.members().entrySet().stream()
                            .filter(member -> !BINDINGS.contains(member.getKey()))
                            .flatMap(member -> payloads(member.getValue()));
            case JsonNull _, JsonBool _, JsonNumber _ -> Stream.empty();
        };
    }

    /// The digest of a seal.
    ///
    /// @param head the members before the first list
    /// @param sealed the digests of the items, by section and id
    public static Digest seal(
            JsonObject head, JsonArray chainHeads, JsonArray anchors, JsonObject sealed) {
        Map<String, Json> all = new LinkedHashMap<>();
        all.put("head", head);
        all.put(HEADS, chainHeads);
        all.put(ANCHORS, anchors);
        all.put(SEAL, sealed);
        return new JsonObject(all).digest();
    }

    static JsonObject without(JsonObject object, Set<String> names) {
        return new JsonObject(
                object.members().entrySet().stream()
                        .filter(member -> !names.contains(member.getKey()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
}
