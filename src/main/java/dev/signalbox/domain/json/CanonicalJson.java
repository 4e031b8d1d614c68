package dev.signalbox.domain.json;

import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The one text of a JSON value, in the manner of RFC 8785: members sorted by UTF-16 code units, no
/// white space, only the escapes that JSON demands. Unlike RFC 8785, a number is its exact plain
/// decimal rather than the nearest double: `0.10` is `0.1`, `1e3` is `1000`, and a 20-digit amount
/// keeps all its digits. Half of a surrogate pair is escaped, so that every text has bytes of its
/// own.
final class CanonicalJson {

    private static final char FIRST_PRINTABLE = ' ';

    private CanonicalJson() {}

    static String write(Json value) {
        StringBuilder out = new StringBuilder();
        append(value, out);
        return out.toString();
    }

    private static void append(Json value, StringBuilder out) {
        switch (value) {
            case JsonNull() -> out.append("null");
            case JsonBool(boolean bool) -> out.append(bool);
            case JsonNumber(BigDecimal number) -> out.append(number.toPlainString());
            case JsonText(String text) -> appendText(text, out);
            case JsonArray(List<Json> items) -> appendItems(items, out);
            case JsonObject object -> appendMembers(object.members(), out);
        }
    }

    private static void appendItems(List<Json> items, StringBuilder out) {
        String separator = "[";
        for (Json item : items) {
            out.append(separator);
            append(item, out);
            separator = ",";
        }
        out.append(items.isEmpty() ? "[]" : "]");
    }

    private static void appendMembers(Map<String, Json> members, StringBuilder out) {
        out.append('{');
        String separator = "";
        String[] names = members.keySet().toArray(String[]::new);
        Arrays.sort(names);
        for (String name : names) {
            out.append(separator);
            appendText(name, out);
            out.append(':');
            append(Objects.requireNonNull(members.get(name)), out);
            separator = ",";
        }
        out.append('}');
    }

    /// Most text needs no escapes: it is copied in one piece.
    private static void appendText(String text, StringBuilder out) {
        out.append('"');
        int copied = 0;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (needsNoEscape(character)) {
                continue;
            }
            String escaped = escaped(text, i);
            if (escaped != null) {
                out.append(text, copied, i).append(escaped);
                copied = i + 1;
            }
        }
        if (copied == 0) {
            out.append(text);
        } else {
            out.append(text, copied, text.length());
        }
        out.append('"');
    }

    private static boolean needsNoEscape(char character) {
        return character >= FIRST_PRINTABLE
                && character < Character.MIN_SURROGATE
                && character != '"'
                && character != '\\';
    }

    private static @Nullable String escaped(String text, int at) {
        char character = text.charAt(at);
        return switch (character) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default ->
                    character < FIRST_PRINTABLE
                                    || (Character.isSurrogate(character) && isUnpaired(text, at))
                            ? String.format("\\u%04x", (int) character)
                            : null;
        };
    }

    /// Half of a surrogate pair without the other half: UTF-8 has no bytes for it.
    private static boolean isUnpaired(String text, int at) {
        char character = text.charAt(at);
        if (Character.isHighSurrogate(character)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(character)
                && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
