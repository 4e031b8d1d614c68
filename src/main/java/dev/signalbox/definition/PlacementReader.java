package dev.signalbox.definition;

import dev.signalbox.definition.Node.Leaf;
import dev.signalbox.definition.Node.Members;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.tool.HttpCall.Placement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads where a call's arguments go: `query`, `headers` and `body` of `http`.
final class PlacementReader {

    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /// Headers that are the runtime's own, or the host's.
    private static final Set<String> TAKEN =
            Set.of(
                    "accept",
                    "authorization",
                    "connection",
                    "content-length",
                    "content-type",
                    "cookie",
                    "expect",
                    "host",
                    "idempotency-key",
                    "proxy-authorization",
                    "te",
                    "traceparent",
                    "tracestate",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "user-agent");

    private final Checks checks;

    PlacementReader(Checks checks) {
        this.checks = checks;
    }

    Placement read(Fields http, JsonObject input) {
        List<String> query = List.copyOf(http.texts("query", "argument").keySet());
        Map<String, String> headers = headers(http);
        Optional<String> body =
                http.node("body")
                        .flatMap(node -> http.text(http.path("body"), node, "an argument's name"));
        query.forEach(name -> known(http, "query", name, input));
        headers.keySet().forEach(name -> known(http, "headers", name, input));
        body.ifPresent(name -> known(http, "body", name, input));
        return new Placement(query, headers, body);
    }

    private Map<String, String> headers(Fields http) {
        Map<String, String> headers = new LinkedHashMap<>();
        Optional<Node> node = http.node("headers");
        if (node.isPresent() && node.get() instanceof Members members) {
            members.members()
                    .forEach(
                            (argument, member) ->
                                    header(http, argument, member.value())
                                            .ifPresent(name -> headers.put(argument, name)));
        } else if (node.isPresent()) {
            http.expected(
                    http.path("headers"), node.get(), "an object of arguments and header names");
        }
        return headers;
    }

    private Optional<String> header(Fields http, String argument, Node node) {
        String here = http.path("headers") + "." + argument;
        String name = node instanceof Leaf(JsonText(String text), _) ? text : "";
        if (!HEADER.matcher(name).matches()) {
            return http.expected(here, node, "a header's name");
        }
        if (TAKEN.contains(name.toLowerCase(Locale.ROOT))) {
            checks.problems()
                    .add(node.place(), here + ": '" + name + "' is not for arguments to set");
            return Optional.empty();
        }
        return Optional.of(name);
    }

    private static void known(Fields http, String field, String name, JsonObject input) {
        if (input.get("properties") instanceof JsonObject properties
                && properties.get(name) == null) {
            http.problem(
                    field,
                    "'"
                            + Found.shortened(name)
                            + "' is not a property of the input"
                            + NearMiss.hint(name, properties.members().keySet()));
        }
    }
}
