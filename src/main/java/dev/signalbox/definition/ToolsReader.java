package dev.signalbox.definition;

import dev.signalbox.definition.Imports.Import;
import dev.signalbox.definition.Node.Leaf;
import dev.signalbox.definition.OpenApiDocument.Operation;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.policy.ToolPattern;
import dev.signalbox.domain.tool.ToolDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads documents of kind `tools`: many tools at once, made of another document.
///
/// Guarantee: each becomes an ordinary tool, read as if it had been written out; what is pinned and
/// stored is that tool, and nothing is looked up in the other document again.
final class ToolsReader {

    static final String[] FIELDS = {
        "kind", "name", "openapi", "digest", "server", "operations", "auth", "timeout"
    };

    /// What can be said of some of the tools.
    private static final String[] STATED = {
        "id", "description", "sideEffect", "idempotency", "auth", "timeout", "limits", "probe"
    };

    private static final String OPERATIONS_EXPECTED =
            "a list of operation ids or patterns, or objects with "
                    + String.join(", ", STATED);

    /// Which operations, and what is said of them.
    private record Choice(ToolPattern pattern, Map<String, Json> stated, Place place) {}

    private final Checks checks;
    private final Imports imports;

    ToolsReader(Checks checks, Imports imports) {
        this.checks = checks;
        this.imports = imports;
    }

    List<ToolDefinition> read(Fields fields) {
        int before = checks.problems().list().size();
        String name = checks.name(fields, "name");
        List<Choice> choices = choices(fields);
        String location = fields.requiredText("openapi", Imports.EXPECTED);
        Optional<Digest> digest = digest(fields);
        if (checks.problems().list().size() > before) {
            return List.of();
        }
        return switch (imports.read(location, digest)) {
            case Import.Refused(String why) -> {
                fields.problem("openapi", why);
                yield List.of();
            }
            case Import.Text(Source source) -> tools(fields, name, choices, source);
        };
    }

    private Optional<Digest> digest(Fields fields) {
        String expected = "the SHA-256 digest of the document, 'sha256:…'";
        return fields.node("digest")
                .flatMap(
                        node ->
                                fields.text(fields.path("digest"), node, expected)
                                        .flatMap(
                                                text ->
                                                        Digest.find(text)
                                                                .or(
                                                                        () ->
                                                                                fields.expected(
                                                                                        fields.path("digest"),
                                                                                        node,
                                                                                        expected))));
    }

    private List<ToolDefinition> tools(
            Fields fields, String name, List<Choice> choices, Source source) {
        List<Node> documents = YamlReader.read(source, checks.problems()).documents();
        if (documents.isEmpty()) {
            return List.of();
        }
        try {
            OpenApiDocument document = new OpenApiDocument(documents.getFirst());
            Optional<String> server = server(fields, document);
            Map<Operation, Choice> chosen = chosen(fields, document, choices);
            List<ToolDefinition> tools = new ArrayList<>();
            chosen.forEach(
                    (operation, choice) ->
                            server.flatMap(
                                            base ->
                                                    tool(
                                                            document, operation, choice, name,
                                                            base, source))
                                    .ifPresent(tools::add));
            return tools;
        } catch (Unfit unfit) {
            checks.problems().add(new Place(source.name(), 0), unfit.why());
            return List.of();
        }
    }

    private Optional<String> server(Fields fields, OpenApiDocument document) {
        String expected = "an address such as 'https://host/path' or '${NAME}/path'";
        if (fields.has("server")) {
            return fields.node("server")
                    .flatMap(node -> fields.text(fields.path("server"), node, expected));
        }
        if (document.server().isEmpty()) {
            checks.problems()
                    .add(
                            fields.place("openapi"),
                            fields.path()
                                    + ": the document names no server; expected 'server', "
                                    + expected);
        }
        return document.server();
    }

    private Map<Operation, Choice> chosen(
            Fields fields, OpenApiDocument document, List<Choice> choices) {
        Map<Operation, Choice> chosen = new LinkedHashMap<>();
        Set<String> known = document.operations().keySet();
        for (Choice choice : choices) {
            List<String> matching =
                    known.stream().filter(choice.pattern()::matches).toList();
            if (matching.isEmpty()) {
                checks.problems()
                        .add(
                                choice.place(),
                                fields.path("operations")
                                        + ": the document has no operation '"
                                        + Found.shortened(choice.pattern().glob())
                                        + "'"
                                        + NearMiss.hint(choice.pattern().glob(), known));
            }
            matching.forEach(
                    id ->
                            Optional.ofNullable(document.operations().get(id))
                                    .ifPresent(found -> chosen.putIfAbsent(found, choice)));
        }
        return chosen;
    }

    private Optional<ToolDefinition> tool(
            OpenApiDocument document,
            Operation operation,
            Choice choice,
            String name,
            String server,
            Source source) {
        String here = "operation " + operation.id();
        try {
            JsonObject tool =
                    OpenApiTool.of(
                            document,
                            operation,
                            name + "." + word(operation.id()),
                            server,
                            choice.stated());
            return Fields.of(
                            here,
                            Node.of(tool, source.name() + " " + here),
                            checks.problems(),
                            ToolReader.FIELDS)
                    .map(new ToolReader(checks)::read);
        } catch (Unfit unfit) {
            checks.problems().add(operation.place(), here + ": " + unfit.why());
            return Optional.empty();
        }
    }

    /// `getOrder` as `get-order`: tools have names in lower case.
    private static String word(String operationId) {
        return operationId
                .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9._-]+", "-");
    }

    private List<Choice> choices(Fields fields) {
        Optional<Node> node = fields.required("operations", OPERATIONS_EXPECTED);
        if (node.isEmpty()) {
            return List.of();
        }
        Map<String, Json> general = new LinkedHashMap<>();
        for (String field : new String[] {"auth", "timeout"}) {
            fields.node(field).ifPresent(value -> general.put(field, value.json()));
        }
        List<Choice> choices = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (Node item : fields.items("operations", OPERATIONS_EXPECTED)) {
            choice(fields, item, general)
                    .ifPresent(
                            choice -> {
                                if (!seen.add(choice.pattern().glob())) {
                                    checks.problems()
                                            .add(
                                                    item.place(),
                                                    fields.path("operations")
                                                            + ": '"
                                                            + choice.pattern().glob()
                                                            + "' stands twice");
                                }
                                choices.add(choice);
                            });
        }
        if (fields.isEmptyList("operations")) {
            fields.problem("operations", "expected " + OPERATIONS_EXPECTED);
        }
        return choices;
    }

    private Optional<Choice> choice(Fields fields, Node item, Map<String, Json> general) {
        if (item instanceof Leaf(JsonText(String id), Place place) && !id.isBlank()) {
            return Optional.of(new Choice(new ToolPattern(id), general, place));
        }
        String here = fields.path("operations") + "[]";
        return Fields.of(here, item, checks.problems(), STATED)
                .flatMap(
                        stated -> {
                            String id = stated.requiredText("id", "an operation's id or a pattern");
                            Map<String, Json> members = new LinkedHashMap<>(general);
                            members.putAll(stated.json().members());
                            members.remove("id");
                            return id.isEmpty()
                                    ? Optional.empty()
                                    : Optional.of(
                                            new Choice(
                                                    new ToolPattern(id), members, item.place()));
                        });
    }
}
