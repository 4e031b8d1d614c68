package dev.signalbox.domain.json;

import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Takes known secrets out of whatever another side sent back.
///
/// Guarantee: no text that leaves holds one of the secrets, neither as it is, nor percent-encoded,
/// nor in Base64. A JSON value is searched after parsing, so escapes in its text hide nothing.
public final class KnownSecrets {

    private final List<String> forms;

    private KnownSecrets(List<String> forms) {
        this.forms = forms;
    }

    /// Nothing to hide.
    public static KnownSecrets none() {
        return new KnownSecrets(List.of());
    }

    /// @param secrets blank ones are ignored
    public static KnownSecrets of(Iterable<String> secrets) {
        Set<String> forms = new LinkedHashSet<>();
        for (String secret : secrets) {
            if (!secret.isBlank()) {
                forms.add(secret);
                forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
                byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
                forms.add(Base64.getEncoder().encodeToString(bytes));
                forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
            }
        }
        // The longest first: a form inside another one must not leave the rest of it behind.
        return new KnownSecrets(
                forms.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList());
    }

    public String text(String text) {
        String clean = text;
        for (String form : forms) {
            clean = clean.replace(form, Redactor.MARK);
        }
        return clean;
    }

    public Json json(Json value) {
        if (forms.isEmpty()) {
            return value;
        }
        return switch (value) {
            case JsonNull _, JsonBool _ -> value;
            case JsonNumber(var number) -> {
                String digits = number.toPlainString();
                String clean = text(digits);
                yield clean.equals(digits) ? value : Json.text(clean);
            }
            case JsonText(String text) -> Json.text(text(text));
            case JsonArray(List<Json> items) ->
                    new JsonArray(items.stream().map(this::json).toList());
            case JsonObject object -> {
                Map<String, Json> clean = new LinkedHashMap<>();
                object.members().forEach((name, member) -> clean.put(text(name), json(member)));
                yield new JsonObject(clean);
            }
        };
    }
}
