package dev.signalbox.cli.text;

import java.util.regex.Pattern;

/// Text without power over the terminal that shows it.
///
/// Guarantee: no control character, no escape sequence and no mark that reorders or hides text gets
/// through; each is shown as the escape that JSON has for it, so that nothing is lost either.
public final class Plain {

    private static final Pattern TIME =
            Pattern.compile("^(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)\\.\\d+Z$");

    private static final int TAGS = 0xE0000;
    private static final int TAGS_END = 0xE0FFF;

    private Plain() {}

    /// On one line.
    public static String line(String text) {
        return neutral(text, false);
    }

    /// On one line; a time to the second.
    static String value(String text) {
        return line(TIME.matcher(text).replaceFirst("$1Z"));
    }

    /// With its line breaks.
    public static String lines(String text) {
        return neutral(text, true);
    }

    private static String neutral(String text, boolean breaks) {
        if (text.codePoints().noneMatch(Plain::powerful)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 16);
        text.codePoints()
                .forEach(
                        point -> {
                            if ((point == '\n' && breaks) || !powerful(point)) {
                                shown.appendCodePoint(point);
                            } else {
                                escape(point, shown);
                            }
                        });
        return shown.toString();
    }

    /// Whether a character does something other than to be seen.
    static boolean powerful(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            // Joins the parts of an emoji or of a word: changes nothing else.
            case Character.FORMAT -> point != 0x200D && point != 0x200C;
            default -> point >= TAGS && point <= TAGS_END;
        };
    }

    /// Appends the escape that JSON and YAML read as `point`.
    static void escape(int point, StringBuilder text) {
        switch (point) {
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> {
                for (char unit : Character.toChars(point)) {
                    text.append("\\u").append(hexadecimal(unit));
                }
            }
        }
    }

    private static String hexadecimal(char unit) {
        String digits = Integer.toHexString(unit);
        return "0".repeat(4 - digits.length()) + digits;
    }
}
