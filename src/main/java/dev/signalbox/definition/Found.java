package dev.signalbox.definition;

import dev.signalbox.definition.Node.Items;
import dev.signalbox.definition.Node.Leaf;
import dev.signalbox.definition.Node.Members;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonText;
import java.util.List;
import java.util.Locale;

/// The words in which problems speak of what stands in a document.
final class Found {

    private static final int MAX_SHOWN = 40;

    private Found() {}

    /// What stands there, shortened.
    static String in(Node node) {
        return switch (node) {
            case Leaf(JsonNull _, _) -> "nothing";
            case Leaf(JsonText(String text), _) when text.isBlank() -> "an empty text";
            case Leaf(JsonText(String text), _) -> "the text '" + shortened(text) + "'";
            case Leaf(var json, _) -> shortened(json.canonical());
            case Items _ -> "a list";
            case Members _ -> "an object";
        };
    }

    static String shortened(String text) {
        String line = text.strip().replace("\n", "\\n");
        return line.length() <= MAX_SHOWN ? line : line.substring(0, MAX_SHOWN) + "…";
    }

    /// `a, b or c`.
    static String alternatives(List<String> words) {
        return words.size() == 1
                ? words.getFirst()
                : String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
    }

    /// The noun with its article.
    static String article(String noun) {
        return ("aeiou".indexOf(noun.charAt(0)) < 0 ? "a " : "an ") + noun;
    }

    /// An enum constant as documents write it.
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
