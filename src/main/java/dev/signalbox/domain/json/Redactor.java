package dev.signalbox.domain.json;

import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes out of a value what its names say is secret, so that it can be shown.
///
/// Guarantee: a member whose name ends in one of a fixed list of words (`password`, `clientSecret`,
/// `x-api-key`, …), however it is spelled, keeps its name and loses its value, at any depth; inside
/// texts the same holds for JSON members, `name=value` pairs and bearer tokens. Consequence: a
/// secret under an innocent name is not recognised; secrets do not belong into arguments at all.
public final class Redactor {

    /// What stands where a value was.
    public static final String MARK = "[redacted]";

    private static final Set<String> ENDINGS =
            Set.of(
                    "password",
                    "passwd",
                    "passphrase",
                    "secret",
                    "secretkey",
                    "token",
                    "authorization",
                    "apikey",
                    "accesskey",
                    "privatekey",
                    "credential",
                    "credentials",
                    "cookie",
                    "cardnumber",
                    "cvv",
                    "cvc");

    private static final String WORDS =
            "[\\w.-]{0,64}(?:pass(?:word|wd|phrase)|secret(?:[_-]?key)?|token|authorization"
                    + "|(?:api|access|private)[_-]?key|credentials?|cookie)";

    private static final Pattern MEMBER =
            Pattern.compile(
                    "(?i)(\""
                            + WORDS
                            + "\"\\s{0,8}:\\s{0,8})(\"(?:[^\"\\\\]|\\\\.)*+\"|[^\\s,}\\]]++)");

    private static final Pattern PAIR =
            Pattern.compile("(?i)(\\b" + WORDS + "\\s{0,2}=\\s{0,2})([^\\s\"'&;,]++)");

    private static final Pattern BEARER =
            Pattern.compile("(?i)(\\b(?:bearer|basic)\\s{1,4})([A-Za-z0-9._~+/=-]{16,}+)");

    private Redactor() {}

    /// The value without its secrets; the same value if there are none.
    public static Json redact(Json value) {
        return switch (value) {
            case JsonText(String text) -> new JsonText(redact(text));
            case JsonArray(List<Json> items) ->
                    new JsonArray(items.stream().map(Redactor::redact).toList());
            case JsonObject object -> redact(object);
            case JsonNull _, JsonBool _, JsonNumber _ -> value;
        };
    }

    /// The object without its secrets.
    public static JsonObject redact(JsonObject object) {
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

    /// The text without its secrets.
    public static String redact(String text) {
        String result = replace(MEMBER, text, "\"" + MARK + "\"");
        result = replace(PAIR, result, MARK);
        return replace(BEARER, result, MARK);
    }

    /// Whether a member of that name is taken out.
    public static boolean secret(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return ENDINGS.stream().anyMatch(plain::endsWith);
    }

    private static String replace(Pattern pattern, String text, String mark) {
        return pattern.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(match.group(1) + mark));
    }
}
