package dev.signalbox.operator.console;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.json.Redactor;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A value as a page shows it: named fields to read at a glance, and the whole as indented JSON.
///
/// @param present whether there is a value at all; if not, it was erased or never came
/// @param line the value on one line, clamped
/// @param fields members of an object, each on one line
/// @param text the whole; plain text stands as it is
/// @param size how long the whole is
/// @param redacted whether something was taken out
public record Shown(
        boolean present,
        String line,
        List<Field> fields,
        String text,
        String size,
        boolean redacted) {

    private static final int LINE = 140;
    private static final int FIELD = 400;
    private static final int WHOLE = 100_000;
    private static final int MAX_FIELDS = 30;

    /// A member of an object.
    ///
    /// @param clamped whether `value` is only its beginning
    public record Field(String name, String value, boolean clamped) {}

    public Shown {
        fields = List.copyOf(fields);
    }

    static Shown of(Optional<Json> value) {
        return value.map(Shown::of).orElseGet(() -> new Shown(false, "", List.of(), "", "", false));
    }

    static Shown of(Json value) {
        String text = value instanceof JsonText(String words) ? words : indented(value);
        return new Shown(
                true,
                clamped(oneLine(value), LINE),
                value instanceof JsonObject object ? fields(object) : List.of(),
                clamped(text, WHOLE),
                Words.count(text.length(), "character", "characters"),
                text.contains(Redactor.MARK));
    }

    private static List<Field> fields(JsonObject object) {
        List<Field> fields = new ArrayList<>();
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
            if (fields.size() == MAX_FIELDS) {
                fields.add(
                        new Field(
                                "…",
                                "and " + (object.members().size() - MAX_FIELDS) + " more",
                                true));
                break;
            }
            String line =
                    member.getValue() instanceof JsonText(String words)
                            ? words
                            : member.getValue().canonical();
            fields.add(new Field(member.getKey(), clamped(line, FIELD), line.length() > FIELD));
        }
        return fields;
    }

    private static String oneLine(Json value) {
        return switch (value) {
            case JsonText(String words) -> words.replaceAll("\\s+", " ").strip();
            case JsonObject object ->
                    String.join(
                            ", ",
                            object.members().entrySet().stream()
                                    .limit(MAX_FIELDS)
                                    .map(
                                            member ->
                                                    member.getKey()
                                                            + ": "
                                                            + brief(member.getValue()))
                                    .toList());
            case JsonArray(List<Json> items) -> Words.count(items.size(), "item", "items");
            case JsonNull _, JsonBool _, JsonNumber _ -> value.canonical();
        };
    }

    private static String brief(Json value) {
        return switch (value) {
            case JsonText(String words) -> clamped(words.replaceAll("\\s+", " ").strip(), LINE);
            case JsonObject object ->
                    object.members().isEmpty() ? "{}" : "{" + object.members().size() + "}";
            case JsonArray(List<Json> items) -> "[" + items.size() + "]";
            case JsonNull _, JsonBool _, JsonNumber _ -> value.canonical();
        };
    }

    static String clamped(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return text.substring(0, end) + "…";
    }

    /// JSON over several lines.
    static String indented(Json value) {
        StringBuilder text = new StringBuilder();
        write(value, "\n", text);
        return text.toString();
    }

    private static void write(Json value, String newLine, StringBuilder text) {
        String deeper = newLine + "  ";
        switch (value) {
            case JsonObject object when !object.members().isEmpty() -> {
                String before = "{";
                for (Map.Entry<String, Json> member : object.members().entrySet()) {
                    text.append(before).append(deeper);
                    text.append(Json.text(member.getKey()).canonical()).append(": ");
                    write(member.getValue(), deeper, text);
                    before = ",";
                }
                text.append(newLine).append('}');
            }
            case JsonArray(List<Json> items) when !items.isEmpty() -> {
                String before = "[";
                for (Json item : items) {
                    text.append(before).append(deeper);
                    write(item, deeper, text);
                    before = ",";
                }
                text.append(newLine).append(']');
            }
            case JsonNumber(BigDecimal number) -> text.append(number.toPlainString());
            case JsonObject _, JsonArray _, JsonNull _, JsonBool _, JsonText _ ->
                    text.append(value.canonical());
        }
    }
}
