package dev.signalbox.domain.json;

import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Takes out of a value what is secret in it, so that it can be shown: the one way in which sinks,
/// logs, answers and the operator plane do.
///
/// Guarantee: a member whose name ends in one of the names (`password`, `clientSecret`,
/// `x-api-key`, …), however it is spelled, keeps its name and loses its value, at any depth; so does
/// what a schema declares `x-sensitive`; inside texts the names hold for JSON members, `name=value`
/// pairs and bearer tokens. Consequence: a secret under an innocent name that no schema declares is
/// not recognised; secrets do not belong into arguments at all.
public final class Redactor {

    /// What stands where a value was.
    public static final String MARK = "[redacted]";

    /// Names that are always secret.
    public static final List<String> NAMES =
            List.of(
                    "password",
                    "passwd",
                    "passphrase",
                    "secret",
                    "secret-key",
                    "token",
                    "authorization",
                    "api-key",
                    "access-key",
                    "private-key",
                    "credential",
                    "credentials",
                    "cookie",
                    "card-number",
                    "cvv",
                    "cvc",
                    "ssn",
                    "iban");

    private static final Pattern BEARER =
            Pattern.compile("(?i)(\\b(?:bearer|basic)\\s{1,4})([A-Za-z0-9._~+/=-]{16,}+)");

    private static final Pattern WORD = Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])");

    /// Knows [#NAMES] and no others.
    public static final Redactor DEFAULT = new Redactor(List.of());

    private final List<String> endings;
    private final Pattern member;
    private final Pattern pair;

    /// @param more names beside [#NAMES], in any spelling: `taxNumber`, `tax-number`
    /// @throws IllegalArgumentException if one has neither letter nor digit
    public Redactor(Collection<String> more) {
        List<List<String>> names =
                Stream.concat(NAMES.stream(), more.stream()).map(Redactor::words).toList();
        endings = names.stream().map(words -> String.join("", words)).distinct().toList();
        String words =
                names.stream()
                        .map(name -> String.join("[ _-]?", name))
                        .distinct()
                        .collect(Collectors.joining("|", "[\\w.-]{0,64}(?:", ")"));
        member =
                Pattern.compile(
                        "(?i)(\""
                                + words
                                + "\"\\s{0,8}:\\s{0,8})(\"(?:[^\"\\\\]|\\\\.)*+\"|[^\\s,}\\]]++)");
        pair =
                Pattern.compile("(?i)(\\b" + words + "\\s{0,2}=\\s{0,2})([^\\s\"'&;,]++)");
    }

    private static List<String> words(String name) {
        List<String> words =
                Stream.of(WORD.split(name.strip()))
                        .filter(word -> !word.isEmpty())
                        .map(word -> word.toLowerCase(Locale.ROOT))
                        .toList();
        if (words.isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no name; expected one such as tax-number");
        }
        return words;
    }

    /// The value without its secrets; the same value if there are none.
    public Json redact(Json value) {
        return switch (value) {
            case JsonText(String text) -> new JsonText(redact(text));
            case JsonArray(List<Json> items) ->
                    new JsonArray(items.stream().map(this::redact).toList());
            case JsonObject object -> redact(object);
            case JsonNull _, JsonBool _, JsonNumber _ -> value;
        };
    }

    /// The object without its secrets.
    public JsonObject redact(JsonObject object) {
        Map<String, Json> members = new LinkedHashMap<>();
        object.members()
                .forEach(
                        (name, member) ->
                                members.put(
                                        name,
                                        secret(name) && !(member instanceof JsonNull)
                                                ? new JsonText(MARK)
                                                : redact(member)));
        return new JsonObject(members);
    }

    /// The value without its secrets and without what `schema` declares sensitive.
    public Json redact(Json value, JsonObject schema) {
        return redact(new SensitiveParts(schema).without(value));
    }

    /// The values that have a secret name, texts and numbers at any depth, as texts.
    public List<String> secrets(Json value) {
        List<String> found = new ArrayList<>();
        collect(value, false, found);
        return List.copyOf(found);
    }

    private void collect(Json value, boolean secret, List<String> found) {
        switch (value) {
            case JsonText(String text) when secret -> found.add(text);
            case JsonNumber(var number) when secret -> found.add(number.toPlainString());
            case JsonArray(List<Json> items) -> items.forEach(item -> collect(item, secret, found));
            case JsonObject object ->
                    object.members()
                            .forEach(
                                    (name, member) ->
                                            collect(member, secret || secret(name), found));
            case JsonText _, JsonNumber _, JsonBool _, JsonNull _ -> {}
        }
    }

    /// The text without its secrets.
    public String redact(String text) {
        String result = replace(member, text, "\"" + MARK + "\"");
        result = replace(pair, result, MARK);
        return replace(BEARER, result, MARK);
    }

    /// Whether a member of that name is taken out.
    public boolean secret(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return endings.stream().anyMatch(plain::endsWith);
    }

    private static String replace(Pattern pattern, String text, String mark) {
        return pattern.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(match.group(1) + mark));
    }
}
