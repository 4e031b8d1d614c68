package dev.signalbox.runtime.tool;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.tool.HttpCall;
import dev.signalbox.domain.tool.HttpCall.Method;
import dev.signalbox.domain.tool.HttpCall.Placement;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a call goes and what it carries, made of the tool's document, the host's configuration and
/// the arguments.
///
/// Guarantee: an argument changes nothing but the place in the path, the query parameter or the
/// body member that it stands for; the server is the one that document and configuration name.
///
/// @param headers made of arguments
/// @param body JSON, if there is one
record OutgoingCall(
        Method method, URI uri, Map<String, String> headers, Optional<String> body) {

    private static final Pattern CONFIGURED = Pattern.compile("\\$\\{([^{}]+)}");
    private static final Pattern ARGUMENT = Pattern.compile("\\{([^{}]+)}");
    private static final Pattern SERVER = Pattern.compile("https?://[^/?#{}@]+(?=[/?]|$)");

    /// @param configuration the host's value of a name
    /// @throws CallRefused if the two do not make a call
    static OutgoingCall of(
            HttpCall http, JsonObject arguments, Function<String, Optional<String>> configuration) {
        String template = replaced(CONFIGURED, http.url(), name -> configured(name, configuration));
        if (!SERVER.matcher(template).lookingAt()) {
            throw new CallRefused(
                    "invalid_url",
                    "the tool's URL must start with http:// or https:// and a server, without"
                            + " credentials and without arguments in the server's name");
        }
        Map<String, Json> rest = new LinkedHashMap<>(arguments.members());
        String address =
                replaced(
                        ARGUMENT,
                        template,
                        name -> {
                            rest.remove(name);
                            return inPath(name, arguments);
                        });
        Placement placement = http.placement();
        Map<String, Json> query = taken(rest, placement.query());
        Map<String, String> headers = new LinkedHashMap<>();
        taken(rest, placement.headers().keySet())
                .forEach(
                        (name, value) ->
                                inHeader(name, value)
                                        .ifPresent(
                                                text ->
                                                        headers.put(
                                                                placement
                                                                        .headers()
                                                                        .getOrDefault(name, name),
                                                                text)));
        Optional<String> body =
                placement.body().map(rest::remove).map(Json::canonical);
        return switch (http.method()) {
            case GET, DELETE -> {
                query.putAll(rest);
                yield new OutgoingCall(
                        http.method(), uri(withQuery(address, query)), headers, body);
            }
            case POST, PUT, PATCH -> {
                boolean more =
                        !rest.isEmpty()
                                || placement.equals(Placement.BY_METHOD);
                yield new OutgoingCall(
                        http.method(),
                        uri(withQuery(address, query)),
                        headers,
                        more ? Optional.of(new JsonObject(rest).canonical()) : body);
            }
        };
    }

    private static Map<String, Json> taken(Map<String, Json> rest, Collection<String> names) {
        Map<String, Json> taken = new LinkedHashMap<>();
        for (String name : names) {
            Json value = rest.remove(name);
            if (value != null) {
                taken.put(name, value);
            }
        }
        return taken;
    }

    private static Optional<String> inHeader(String name, Json value) {
        String text = text(value);
        if (text.chars().anyMatch(character -> character < ' ' || character > '~')) {
            throw new CallRefused(
                    "invalid_argument",
                    "'" + name + "' goes into a header and holds characters that none may hold");
        }
        return value instanceof JsonNull ? Optional.empty() : Optional.of(text);
    }

    private static String replaced(
            Pattern placeholder, String text, Function<String, String> value) {
        return placeholder
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(value.apply(match.group(1))));
    }

    private static String configured(
            String name, Function<String, Optional<String>> configuration) {
        return configuration
                .apply(name)
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .orElseThrow(
                        () ->
                                new CallRefused(
                                        "missing_configuration",
                                        "the tool's URL needs '"
                                                + name
                                                + "' from the host's configuration"));
    }

    private static String inPath(String name, JsonObject arguments) {
        String value = Optional.ofNullable(arguments.get(name)).map(OutgoingCall::text).orElse("");
        if (value.isEmpty() || value.equals(".") || value.equals("..")) {
            throw new CallRefused(
                    "invalid_argument",
                    "'"
                            + name
                            + "' stands in the URL's path: it must be there, and be neither"
                            + " empty nor '.' nor '..'");
        }
        return encoded(value);
    }

    private static String withQuery(String address, Map<String, Json> parameters) {
        List<String> pairs = new ArrayList<>();
        parameters.forEach(
                (name, value) -> {
                    List<Json> values =
                            value instanceof JsonArray(List<Json> items) ? items : List.of(value);
                    values.stream()
                            .filter(item -> !(item instanceof JsonNull))
                            .forEach(item -> pairs.add(encoded(name) + "=" + encoded(text(item))));
                });
        if (pairs.isEmpty()) {
            return address;
        }
        return address + (address.contains("?") ? "&" : "?") + String.join("&", pairs);
    }

    private static String text(Json value) {
        return switch (value) {
            case JsonNull _ -> "";
            case JsonText(String text) -> text;
            case JsonBool _, JsonNumber _, JsonArray _, JsonObject _ -> value.canonical();
        };
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static URI uri(String address) {
        try {
            URI uri = new URI(address);
            if (uri.getHost() == null || uri.getFragment() != null) {
                throw new CallRefused(
                        "invalid_url", "the tool's URL needs a server's name and no fragment");
            }
            return uri;
        } catch (URISyntaxException malformed) {
            throw new CallRefused("invalid_url", "the tool's URL: " + malformed.getReason());
        }
    }
}
