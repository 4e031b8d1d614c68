package dev.signalbox.domain.bundle;

import dev.signalbox.domain.bundle.BundleFormat.Section;
import dev.signalbox.domain.bundle.BundleReport.Code;
import dev.signalbox.domain.bundle.BundleReport.Finding;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Checks a bundle by itself: no store, no network, no clock.
///
/// Guarantee: an event that was changed, left out, added or moved, a value that was changed or taken
/// out, and any other change of content is found and named.
/// Limit: whoever writes every hash anew makes another bundle that is whole. Against that, compare
/// the chains' heads with those of the running system, or with an anchor.
public final class BundleCheck {

    private final JsonObject bundle;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, Integer> counts = new HashMap<>();

    private BundleCheck(JsonObject bundle) {
        this.bundle = bundle;
    }

    public static BundleReport check(JsonObject bundle) {
        if (!Json.number(BundleFormat.SCHEMA_VERSION).equals(bundle.get("schemaVersion"))) {
            return BundleReport.malformed(
                    "This is no bundle of schema version " + BundleFormat.SCHEMA_VERSION + ".");
        }
        BundleCheck check = new BundleCheck(bundle);
        check.everything();
        return new BundleReport(check.findings.isEmpty(), check.counts, check.findings);
    }

    private void everything() {
        Map<Section, List<JsonObject>> lists = new LinkedHashMap<>();
        for (Section section : Section.values()) {
            List<JsonObject> items = objects(section.key());
            lists.put(section, items);
            counts.put(section.key(), items.size());
        }
        ChainCheck chains = new ChainCheck(objects(BundleFormat.HEADS), findings);
        chains.check(of(lists, Section.EVENTS));
        Set<String> blamed = payloads(of(lists, Section.PAYLOADS), chains.named());
        seal(lists, blamed);
    }

    private static List<JsonObject> of(Map<Section, List<JsonObject>> lists, Section section) {
        return lists.getOrDefault(section, List.of());
    }

    private List<JsonObject> objects(String name) {
        if (!(bundle.get(name) instanceof JsonArray(List<Json> items))) {
            add(Code.MALFORMED, name, "", "'" + name + "' is missing, or is no list.");
            return List.of();
        }
        List<JsonObject> objects = new ArrayList<>();
        for (Json item : items) {
            if (item instanceof JsonObject object) {
                objects.add(object);
            } else {
                add(Code.MALFORMED, name, "", "'" + name + "' has an item that is no object.");
            }
        }
        return objects;
    }

    /// The values, and which of them were found changed.
    private Set<String> payloads(List<JsonObject> payloads, Map<RunId, Map<Digest, Long>> named) {
        Set<String> present = new HashSet<>();
        Set<String> blamed = new HashSet<>();
        for (JsonObject payload : payloads) {
            String id = Section.PAYLOADS.id(payload);
            present.add(id);
            String state = BundleFormat.text(payload, "state");
            Json value = payload.get("value");
            if (value == null) {
                if (!state.equals("erased")) {
                    blamed.add(id);
                    add(
                            Code.PAYLOAD_MISSING,
                            "payloads",
                            id,
                            "The value of " + id + " was taken out.");
                }
            } else if (state.equals("whole")
                    && !value.digest().value().equals(BundleFormat.text(payload, "digest"))) {
                blamed.add(id);
                add(Code.PAYLOAD_CHANGED, "payloads", id, "The value of " + id + " was changed.");
            }
        }
        named.forEach(
                (run, digests) ->
                        digests.forEach(
                                (digest, seq) -> {
                                    String id = run + "/" + digest;
                                    if (!present.contains(id) && blamed.add(id)) {
                                        missing(run, digest, seq);
                                    }
                                }));
        return blamed;
    }

    private void missing(RunId run, Digest digest, long seq) {
        findings.add(
                new Finding(
                        Code.PAYLOAD_MISSING,
                        "payloads",
                        Optional.of(run),
                        Optional.of(seq),
                        Optional.of(digest.value()),
                        "The value " + digest + ", which event " + seq + " of run " + run
                                + " names, is missing."));
    }

    private void seal(Map<Section, List<JsonObject>> lists, Set<String> blamed) {
        if (!(bundle.get(BundleFormat.SEAL) instanceof JsonObject seal)) {
            add(Code.SEAL_BROKEN, "seal", "", "The bundle has no seal: it was cut off.");
            return;
        }
        for (Section section : Section.values()) {
            if (section != Section.EVENTS) {
                items(section, of(lists, section), seal, blamed);
            }
        }
        Set<String> notHead =
                Arrays.stream(Section.values()).map(Section::key).collect(Collectors.toSet());
        notHead.addAll(Set.of(BundleFormat.HEADS, BundleFormat.ANCHORS, BundleFormat.SEAL));
        Digest digest =
                BundleFormat.seal(
                        BundleFormat.without(bundle, notHead),
                        array(BundleFormat.HEADS),
                        array(BundleFormat.ANCHORS),
                        BundleFormat.without(seal, Set.of(BundleFormat.DIGEST)));
        if (!digest.value().equals(BundleFormat.text(seal, BundleFormat.DIGEST))) {
            add(
                    Code.SEAL_BROKEN,
                    "seal",
                    "",
                    "The head of the bundle, its chain heads, its anchors or its seal was changed.");
        }
    }

    private JsonArray array(String name) {
        return bundle.get(name) instanceof JsonArray list ? list : new JsonArray(List.of());
    }

    private void items(
            Section section, List<JsonObject> items, JsonObject seal, Set<String> blamed) {
        JsonObject sealed =
                seal.get(section.key()) instanceof JsonObject object ? object : JsonObject.EMPTY;
        Set<String> missing = new TreeSet<>(sealed.members().keySet());
        for (JsonObject item : items) {
            String id = section.id(item);
            Json expected = sealed.get(id);
            boolean first = missing.remove(id);
            if (expected == null || !first) {
                add(Code.ITEM_ADDED, section.key(), id, id + " is not in the seal.");
            } else if (!blamed.contains(id)
                    && !expected.equals(new JsonText(item.digest().value()))) {
                changed(section, item, id);
            }
        }
        for (String id : missing) {
            if (!blamed.contains(id)) {
                add(Code.ITEM_MISSING, section.key(), id, id + " was taken out.");
            }
        }
    }

    private void changed(Section section, JsonObject item, String id) {
        if (section == Section.PAYLOADS && item.get("value") == null) {
            add(
                    Code.PAYLOAD_MISSING,
                    section.key(),
                    id,
                    "The value of " + id + " was erased after the export.");
        } else {
            add(Code.ITEM_CHANGED, section.key(), id, id + " was changed.");
        }
    }

    private void add(Code code, String section, String item, String detail) {
        findings.add(
                new Finding(
                        code,
                        section,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(item).filter(id -> !id.isEmpty()),
                        detail));
    }
}
