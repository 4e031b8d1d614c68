package dev.signalbox.cli.text;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Values as documents for programs and for people: JSON and YAML, indented, members in the order
/// in which they came.
///
/// Guarantee: what reads them back gets the same value; what a terminal would obey is escaped.
public final class Documents {

    private static final String INDENT = "  ";

    /// Texts that every version of YAML reads as texts without quotes.
    private static final Pattern BARE = Pattern.compile("[A-Za-z][A-Za-z0-9_/-]*(?:\\.[A-Za-z0-9_/-]+)*");

    private static final Set<String> NO_TEXTS =
            Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    private Documents() {}

    public static String json(Json value) {
        StringBuilder out = new StringBuilder();
        json(value, "\n", out);
        return out.append('\n').toString();
    }

    private static void json(Json value, String newLine, StringBuilder out) {
        switch (value) {
            case JsonArray(List<Json> items) when !items.isEmpty() -> {
                String separator = "[";
                for (Json item : items) {
                    out.append(separator).append(newLine).append(INDENT);
                    json(item, newLine + INDENT, out);
                    separator = ",";
                }
                out.append(newLine).append(']');
            }
            case JsonObject object when !object.members().isEmpty() -> {
                String separator = "{";
                for (Map.Entry<String, Json> member : object.members().entrySet()) {
                    out.append(separator).append(newLine).append(INDENT);
                    quoted(member.getKey(), out);
                    out.append(": ");
                    json(member.getValue(), newLine + INDENT, out);
                    separator = ",";
                }
                out.append(newLine).append('}');
            }
            case JsonArray _, JsonObject _, JsonNull _, JsonBool _, JsonNumber _, JsonText _ ->
                    scalar(value, false, out);
        }
    }

    public static String yaml(Json value) {
        StringBuilder out = new StringBuilder();
        if (compound(value)) {
            yaml(value, "", out);
        } else {
            scalar(value, true, out);
            out.append('\n');
        }
        return out.toString();
    }

    /// Appends lines, each but the first begun with `indent`.
    private static void yaml(Json value, String indent, StringBuilder out) {
        String begin = "";
        switch (value) {
            case JsonArray(List<Json> items) -> {
                for (Json item : items) {
                    out.append(begin).append("-");
                    if (compound(item)) {
                        out.append(' ');
                        yaml(item, indent + INDENT, out);
                    } else {
                        simple(item, out);
                    }
                    begin = indent;
                }
            }
            case JsonObject object -> {
                for (Map.Entry<String, Json> member : object.members().entrySet()) {
                    out.append(begin);
                    text(member.getKey(), true, out);
                    out.append(':');
                    if (compound(member.getValue())) {
                        String deeper = indent + INDENT;
                        out.append('\n').append(deeper);
                        yaml(member.getValue(), deeper, out);
                    } else {
                        simple(member.getValue(), out);
                    }
                    begin = indent;
                }
            }
            case JsonNull _, JsonBool _, JsonNumber _, JsonText _ -> simple(value, out);
        }
    }

    private static void simple(Json value, StringBuilder out) {
        out.append(' ');
        scalar(value, true, out);
        out.append('\n');
    }

    private static boolean compound(Json value) {
        return (value instanceof JsonArray(List<Json> items) && !items.isEmpty())
                || (value instanceof JsonObject object && !object.members().isEmpty());
    }

    private static void scalar(Json value, boolean yaml, StringBuilder out) {
        switch (value) {
            case JsonNull() -> out.append("null");
            case JsonBool(boolean bool) -> out.append(bool);
            case JsonNumber(BigDecimal number) -> out.append(number.toPlainString());
            case JsonText(String text) -> text(text, yaml, out);
            case JsonArray _ -> out.append("[]");
            case JsonObject _ -> out.append("{}");
        }
    }

    private static void text(String text, boolean yaml, StringBuilder out) {
        if (yaml
                && BARE.matcher(text).matches()
                && !NO_TEXTS.contains(text.toLowerCase(Locale.ROOT))) {
            out.append(text);
        } else {
            quoted(text, out);
        }
    }

    private static void quoted(String text, StringBuilder out) {
        out.append('"');
        text.codePoints()
                .forEach(
                        point -> {
                            if (point == '"' || point == '\\') {
                                out.append('\\').appendCodePoint(point);
                            } else if (Plain.powerful(point)) {
                                Plain.escape(point, out);
                            } else {
                                out.appendCodePoint(point);
                            }
                        });
        out.append('"');
    }
}
