package dev.signalbox.domain.policy;

import java.util.ArrayList;
import java.util.List;

/// A text with `${expression}` in it.
///
/// An expression ends at the brace that closes it: braces inside it, and anything inside its
/// quotes, belong to it. `$` that no brace follows stands for itself.
public record TextTemplate(List<Part> parts) {

    /// A piece of the text.
    public sealed interface Part {

        record Literal(String text) implements Part {}

        record Hole(Expression expression) implements Part {}
    }

    private static final String OPENING = "${";

    public TextTemplate {
        parts = List.copyOf(parts);
    }

    /// @throws IllegalArgumentException if an expression is empty or its closing brace is missing
    public static TextTemplate parse(String text) {
        List<Part> parts = new ArrayList<>();
        int position = 0;
        while (position < text.length()) {
            int opening = text.indexOf(OPENING, position);
            if (opening < 0) {
                parts.add(new Part.Literal(text.substring(position)));
                break;
            }
            if (opening > position) {
                parts.add(new Part.Literal(text.substring(position, opening)));
            }
            int closing = closingBrace(text, opening + OPENING.length());
            String source = text.substring(opening + OPENING.length(), closing).strip();
            if (source.isEmpty()) {
                throw new IllegalArgumentException("'${}' holds no expression");
            }
            parts.add(new Part.Hole(new Expression(source)));
            position = closing + 1;
        }
        return new TextTemplate(parts);
    }

    /// The expressions, in their order.
    public List<Expression> expressions() {
        return parts.stream()
                .filter(Part.Hole.class::isInstance)
                .map(Part.Hole.class::cast)
                .map(Part.Hole::expression)
                .toList();
    }

    private static int closingBrace(String text, int from) {
        int depth = 0;
        int position = from;
        while (position < text.length()) {
            char character = text.charAt(position);
            if (character == '"' || character == '\'') {
                position = closingQuote(text, position, character);
            } else if (character == '{') {
                depth++;
            } else if (character == '}') {
                if (depth == 0) {
                    return position;
                }
                depth--;
            }
            position++;
        }
        throw unclosed(text, from);
    }

    private static int closingQuote(String text, int opening, char quote) {
        for (int position = opening + 1; position < text.length(); position++) {
            char character = text.charAt(position);
            if (character == '\\') {
                position++;
            } else if (character == quote) {
                return position;
            }
        }
        throw unclosed(text, opening);
    }

    private static IllegalArgumentException unclosed(String text, int from) {
        return new IllegalArgumentException(
                "the expression that starts at character "
                        + (from + 1)
                        + " of '"
                        + text
                        + "' has no closing '}'");
    }
}
