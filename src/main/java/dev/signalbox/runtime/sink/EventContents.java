package dev.signalbox.runtime.sink;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.json.KnownSecrets;
import dev.signalbox.domain.json.Redactor;
import dev.signalbox.domain.json.SensitiveParts;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.RunStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What events of a journal say to the outside: their fields, and the values that they name by
/// digest.
///
/// Guarantee, where it is to be safe: every value is redacted by name and by every schema of the run's
/// definition, since what is sensitive in any of them is so in all; what was sensitive where it
/// stood, in any value of the run so far, is taken out of every other text of the event as well; a
/// value that is nothing but texts is left out. If a definition cannot be read, or a run has more
/// sensitive texts than can be looked for, all values and all free texts are left out.
@ApplicationScoped
class EventContents {

    /// Fields of events that people, tools and models have a say in.
    private static final Set<String> FREE_TEXTS = Set.of("detail", "message", "reason");

    private static final Json MARK = Json.text(Redactor.MARK);

    private final RunStore runs;
    private final RunSchemas schemas;
    private final SensitiveTexts texts;
    private final Redactor redactor;

    EventContents(
            RunStore runs, RunSchemas schemas, SensitiveTexts texts, Redactor redactor) {
        this.runs = runs;
        this.schemas = schemas;
        this.texts = texts;
        this.redactor = redactor;
    }

    /// What is shown of an event: its fields, and values by digest.
    record Content(JsonObject data, JsonObject values) {}

    /// What is to be taken out.
    private record Sensitive(List<SensitiveParts> parts, KnownSecrets texts) {}

    /// What to show of these entries of one run, at least one.
    Uni<Function<JournalEntry, Content>> of(
            RunSummary run, List<JournalEntry> entries, boolean piiSafe) {
        Set<Digest> named =
                entries.stream()
                        .flatMap(entry -> entry.data().digests())
                        .collect(Collectors.toUnmodifiableSet());
        return runs.payloads(run.identity().id(), named)
                .chain(
                        payloads ->
                                piiSafe
                                        ? sensitive(run, entries.getLast().seq())
                                                .map(found -> safe(payloads, found))
                                        : Uni.createFrom().item(open(payloads)));
    }

    private Uni<Optional<Sensitive>> sensitive(RunSummary run, long seq) {
        return schemas.of(run.identity().definition().digest())
                .chain(
                        parts ->
                                parts.map(all -> sensitive(run, all, seq))
                                        .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
    }

    private Uni<Optional<Sensitive>> sensitive(
            RunSummary run, List<SensitiveParts> parts, long seq) {
        return texts.of(run.identity().id(), parts, seq)
                .map(known -> known.map(all -> new Sensitive(parts, all)));
    }

    private static Function<JournalEntry, Content> open(Map<Digest, Json> payloads) {
        return entry -> new Content(entry.data(), values(entry, payloads, value -> value));
    }

    private Function<JournalEntry, Content> safe(
            Map<Digest, Json> payloads, Optional<Sensitive> sensitive) {
        return sensitive
                .<Function<JournalEntry, Content>>map(
                        known ->
                                entry ->
                                        new Content(
                                                fields(entry.data(), known.texts()),
                                                values(entry, payloads, value -> value(value, known))))
                .orElse(
                        entry ->
                                new Content(
                                        withoutTexts(redactor.redact(entry.data())),
                                        values(entry, payloads, _ -> MARK)));
    }

    private static JsonObject values(
            JournalEntry entry, Map<Digest, Json> payloads, Function<Json, Json> shown) {
        Map<String, Json> values = new LinkedHashMap<>();
        entry.data()
                .digests()
                .forEach(
                        digest -> {
                            Json value = payloads.get(digest);
                            if (value != null) {
                                values.put(digest.value(), shown.apply(value));
                            }
                        });
        return new JsonObject(values);
    }

    private Json value(Json value, Sensitive sensitive) {
        Json clean = value;
        for (SensitiveParts part : sensitive.parts()) {
            clean = part.without(clean);
        }
        return sensitive.texts().json(redactor.redact(withoutFreeText(clean)));
    }

    private static Json withoutFreeText(Json value) {
        return switch (value) {
            case JsonText _ -> MARK;
            case JsonArray(List<Json> items) ->
                    new JsonArray(items.stream().map(EventContents::withoutFreeText).toList());
            case JsonObject _, JsonNumber _, JsonBool _, JsonNull _ -> value;
        };
    }

    private JsonObject fields(JsonObject data, KnownSecrets known) {
        return new JsonObject(each(redactor.redact(data), member -> without(member, known)));
    }

    /// Digests stay: values are found by them, and nothing can be read off them.
    private static Json without(Json json, KnownSecrets known) {
        return switch (json) {
            case JsonText(String text) when Digest.find(text).isPresent() -> json;
            case JsonArray(List<Json> items) ->
                    new JsonArray(items.stream().map(item -> without(item, known)).toList());
            case JsonObject object ->
                    new JsonObject(each(object, member -> without(member, known)));
            case JsonText _, JsonNumber _, JsonBool _, JsonNull _ -> known.json(json);
        };
    }

    private static JsonObject withoutTexts(JsonObject data) {
        Map<String, Json> members = new LinkedHashMap<>();
        data.members()
                .forEach(
                        (name, member) ->
                                members.put(
                                        name,
                                        switch (member) {
                                            case JsonText _ when FREE_TEXTS.contains(name) -> MARK;
                                            case JsonObject object -> withoutTexts(object);
                                            case JsonText _, JsonArray _, JsonNumber _ -> member;
                                            case JsonBool _, JsonNull _ -> member;
                                        }));
        return new JsonObject(members);
    }

    private static Map<String, Json> each(JsonObject object, Function<Json, Json> change) {
        Map<String, Json> members = new LinkedHashMap<>();
        object.members().forEach((name, member) -> members.put(name, change.apply(member)));
        return members;
    }
}
