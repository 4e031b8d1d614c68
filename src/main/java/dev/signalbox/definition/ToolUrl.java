package dev.signalbox.definition;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the URL of a call, with `${NAME}` and `{argument}` in it.
///
/// @param always what can stand in braces beside the arguments
record ToolUrl(Set<String> always) {

    private static final String URL_EXPECTED =
            "an address such as 'https://host/path/{argument}' or '${NAME}/path'";
    private static final Pattern CONFIGURED = Pattern.compile("\\$\\{([A-Za-z][A-Za-z0-9._-]*)}");
    private static final Pattern ARGUMENT = Pattern.compile("\\{([^{}]+)}");
    private static final Pattern ADDRESS =
            Pattern.compile(
                    "(?:https?://[^/?#{}@\\s]+|https?://[^/?#{}@\\s]*§[^/?#{}@\\s]*|§[^/?#{}@\\s]*)(?:[/?][^\\s#]*)?");

    /// A required URL; empty text if it is missing.
    String read(Fields http, JsonObject input) {
        String url = http.requiredText("url", URL_EXPECTED);
        if (!url.isEmpty()) {
            check(http, url, input);
        }
        return url;
    }

    private void check(Fields http, String url, JsonObject input) {
        String configured = CONFIGURED.matcher(url).replaceAll("§");
        if (url.contains("§") || !ADDRESS.matcher(configured).matches()) {
            http.problem("url", "expected " + URL_EXPECTED + found(url));
            return;
        }
        Matcher argument = ARGUMENT.matcher(configured);
        while (argument.find()) {
            if (!always.contains(argument.group(1))) {
                checkArgument(http, argument.group(1), input);
            }
        }
        if (argument.replaceAll("").matches(".*[{}].*")) {
            http.problem("url", "a brace stands alone; expected '{argument}' or '${NAME}'");
        }
    }

    /// A password in a URL is refused without being repeated.
    private static String found(String url) {
        return url.contains("@")
                ? "; credentials belong into 'auth'"
                : ", found '" + Found.shortened(url) + "'";
    }

    /// What stands in the path has to be there in every call.
    private static void checkArgument(Fields http, String name, JsonObject input) {
        if (!(input.get("properties") instanceof JsonObject properties)) {
            return;
        }
        if (properties.get(name) == null) {
            http.problem(
                    "url",
                    "'{"
                            + name
                            + "}' is not a property of the input"
                            + NearMiss.hint(name, properties.members().keySet()));
        } else if (!(input.get("required") instanceof JsonArray(List<Json> required))
                || !required.contains(Json.text(name))) {
            http.problem(
                    "url",
                    "'{" + name + "}' stands in the path; expected it in the input's 'required'");
        }
    }
}
