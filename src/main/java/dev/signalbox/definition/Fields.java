package dev.signalbox.definition;

import dev.signalbox.definition.Node.Items;
import dev.signalbox.definition.Node.Leaf;
import dev.signalbox.definition.Node.Member;
import dev.signalbox.definition.Node.Members;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The fields of one object of a definition, read one by one.
///
/// Whatever is not as it has to be becomes a problem with its line, and reading goes on: a field
/// that is wrong reads as if it were absent.
final class Fields {

    private static final int MAX_TEXT = 200_000;

    private final String path;
    private final Members node;
    private final Problems problems;

    private Fields(String path, Members node, Problems problems) {
        this.path = path;
        this.node = node;
        this.problems = problems;
    }

    /// The fields of `node`, which may have those of `known` only.
    static Optional<Fields> of(String path, Node node, Problems problems, String... known) {
        if (!(node instanceof Members members)) {
            problems.add(
                    node.place(),
                    path
                            + ": expected an object with "
                            + String.join(", ", known)
                            + ", found "
                            + Found.in(node));
            return Optional.empty();
        }
        List<String> names = List.of(known);
        members.members()
                .forEach(
                        (name, member) -> {
                            if (!names.contains(name)) {
                                problems.add(member.place(), unknown(path, name, names));
                            }
                        });
        return Optional.of(new Fields(path, members, problems));
    }

    private static String unknown(String path, String name, List<String> known) {
        String hint = NearMiss.hint(name, known);
        return path
                + ": unknown field '"
                + Found.shortened(name)
                + "'"
                + (hint.isEmpty() ? "; expected one of " + String.join(", ", known) : hint);
    }

    String path() {
        return path;
    }

    JsonObject json() {
        return node.json();
    }

    Place place() {
        return node.place();
    }

    /// Where the field's name stands, or the object if it lacks the field.
    Place place(String name) {
        Member member = node.members().get(name);
        return member == null ? node.place() : member.place();
    }

    boolean has(String name) {
        return node.members().containsKey(name);
    }

    String path(String name) {
        return path + "." + name;
    }

    void problem(String name, String message) {
        problems.add(place(name), path(name) + ": " + message);
    }

    Optional<Node> node(String name) {
        return Optional.ofNullable(node.members().get(name)).map(Member::value);
    }

    /// As [#node], with a problem if it is missing.
    Optional<Node> required(String name, String expected) {
        if (!has(name)) {
            problems.add(node.place(), path + ": '" + name + "' is missing; expected " + expected);
        }
        return node(name);
    }

    Optional<Fields> object(String name, String... known) {
        return node(name).flatMap(value -> of(path(name), value, problems, known));
    }

    Optional<Fields> requiredObject(String name, String... known) {
        return required(name, "an object with " + String.join(", ", known))
                .flatMap(value -> of(path(name), value, problems, known));
    }

    /// A text that is not blank.
    Optional<String> text(String name) {
        return node(name).flatMap(value -> text(path(name), value, "a text"));
    }

    String requiredText(String name, String expected) {
        return required(name, expected)
                .flatMap(value -> text(path(name), value, expected))
                .orElse("");
    }

    /// Items of a list; empty if the field is absent.
    List<Node> items(String name, String expected) {
        Optional<Node> value = node(name);
        if (value.isPresent() && value.get() instanceof Items(List<Node> items, _)) {
            return items;
        }
        value.ifPresent(wrong -> expected(path(name), wrong, expected));
        return List.of();
    }

    boolean isEmptyList(String name) {
        return node(name)
                .filter(value -> value instanceof Items(var items, _) && items.isEmpty())
                .isPresent();
    }

    /// The texts of a list, none of them twice.
    Map<String, Place> texts(String name, String expected) {
        Map<String, Place> texts = new LinkedHashMap<>();
        List<Node> items = items(name, "a list of " + expected + "s");
        for (int index = 0; index < items.size(); index++) {
            Node item = items.get(index);
            String here = path(name) + "[" + index + "]";
            text(here, item, Found.article(expected))
                    .ifPresent(
                            text -> {
                                if (texts.putIfAbsent(text, item.place()) != null) {
                                    problems.add(
                                            item.place(), here + ": '" + text + "' stands twice");
                                }
                            });
        }
        return texts;
    }

    Optional<Boolean> bool(String name) {
        return node(name)
                .flatMap(
                        value ->
                                value instanceof Leaf(JsonBool(boolean bool), _)
                                        ? Optional.of(bool)
                                        : expected(path(name), value, "true or false"));
    }

    Optional<Long> whole(String name, long min, long max) {
        String expected = "a whole number from " + min + " to " + max;
        return node(name)
                .flatMap(
                        value ->
                                value instanceof Leaf(JsonNumber(BigDecimal number), _)
                                                && number.scale() <= 0
                                                && within(number, min, max)
                                        ? Optional.of(number.longValueExact())
                                        : expected(path(name), value, expected));
    }

    Optional<BigDecimal> decimal(String name, BigDecimal min, BigDecimal max) {
        String expected = "a number from " + min.toPlainString() + " to " + max.toPlainString();
        return node(name)
                .flatMap(
                        value ->
                                value instanceof Leaf(JsonNumber(BigDecimal number), _)
                                                && number.compareTo(min) >= 0
                                                && number.compareTo(max) <= 0
                                        ? Optional.of(number)
                                        : expected(path(name), value, expected));
    }

    Optional<Duration> duration(String name, Duration min, Duration max) {
        return duration(
                name,
                min,
                max,
                "an ISO 8601 duration from " + min + " to " + days(max) + ", such as PT30S");
    }

    private Optional<Duration> duration(
            String name, Duration min, Duration max, String expected) {
        return node(name)
                .flatMap(
                        value ->
                                value instanceof Leaf(JsonText(String text), _)
                                        ? parse(text)
                                                .filter(duration -> duration.compareTo(min) >= 0)
                                                .filter(duration -> duration.compareTo(max) <= 0)
                                                .or(() -> expected(path(name), value, expected))
                                        : expected(path(name), value, expected));
    }

    /// A duration, or a word that stands for none.
    Optional<Optional<Duration>> durationOr(
            String word, String name, Duration min, Duration max) {
        if (node(name).orElse(null) instanceof Leaf(JsonText(String text), _)
                && text.equals(word)) {
            return Optional.of(Optional.empty());
        }
        String expected =
                "'" + word + "' or an ISO 8601 duration from " + min + " to " + days(max);
        Optional<Duration> duration = duration(name, min, max, expected);
        return duration.isPresent() ? Optional.of(duration) : Optional.empty();
    }

    /// One of a few words.
    <E extends Enum<E>> Optional<E> choice(
            String name, Class<E> choices, Function<E, String> word) {
        return node(name).flatMap(value -> choice(path(name), value, choices, word));
    }

    <E extends Enum<E>> Optional<E> requiredChoice(
            String name, Class<E> choices, Function<E, String> word) {
        return required(name, Found.alternatives(words(choices, word)))
                .flatMap(value -> choice(path(name), value, choices, word));
    }

    private <E extends Enum<E>> Optional<E> choice(
            String here, Node value, Class<E> choices, Function<E, String> word) {
        List<String> words = words(choices, word);
        if (value instanceof Leaf(JsonText(String text), _)) {
            for (E choice : choices.getEnumConstants()) {
                if (word.apply(choice).equals(text)) {
                    return Optional.of(choice);
                }
            }
            problems.add(
                    value.place(),
                    here
                            + ": expected "
                            + Found.alternatives(words)
                            + ", found "
                            + Found.in(value)
                            + NearMiss.hint(text, words));
            return Optional.empty();
        }
        return expected(here, value, Found.alternatives(words));
    }

    Optional<String> text(String here, Node value, String expected) {
        if (value instanceof Leaf(JsonText(String text), _)
                && !text.isBlank()
                && text.length() <= MAX_TEXT) {
            return Optional.of(text);
        }
        return expected(here, value, expected);
    }

    <T> Optional<T> expected(String here, Node value, String expected) {
        problems.add(value.place(), here + ": expected " + expected + ", found " + Found.in(value));
        return Optional.empty();
    }

    private static boolean within(BigDecimal number, long min, long max) {
        return number.compareTo(BigDecimal.valueOf(min)) >= 0
                && number.compareTo(BigDecimal.valueOf(max)) <= 0;
    }

    /// Whole days as such: Java writes hours.
    private static String days(Duration duration) {
        return duration.toDays() > 0 ? "P" + duration.toDays() + "D" : duration.toString();
    }

    private static Optional<Duration> parse(String text) {
        try {
            return Optional.of(Duration.parse(text));
        } catch (DateTimeParseException | ArithmeticException _) {
            return Optional.empty();
        }
    }

    private static <E extends Enum<E>> List<String> words(
            Class<E> choices, Function<E, String> word) {
        List<String> words = new ArrayList<>();
        for (E choice : choices.getEnumConstants()) {
            words.add(word.apply(choice));
        }
        return words;
    }
}
