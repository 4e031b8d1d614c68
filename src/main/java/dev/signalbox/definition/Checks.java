package dev.signalbox.definition;

import dev.signalbox.definition.CelExpressions.Result;
import dev.signalbox.definition.Node.Members;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.policy.Expression;
import dev.signalbox.domain.policy.TextTemplate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What definitions of every kind have in common: names, expressions, schemas.
final class Checks {

    static final String NAME_EXPECTED =
            "a name of at most 63 lower-case letters, digits, '.', '_' and '-'";

    static final String VERSION_EXPECTED = "a semantic version such as 1.0.0, in quotes";

    private static final Pattern VERSION =
            Pattern.compile(
                    "(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})"
                        + "(-[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?");
    private static final int MAX_VERSION = 64;

    static final Duration MIN_WALL_CLOCK = Duration.ofSeconds(1);
    static final Duration MAX_WALL_CLOCK = Duration.ofDays(366);

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    private final Problems problems;
    private final CelExpressions expressions;
    private final Schemas schemas;
    private final Optional<HostTools> hostTools;

    /// @param hostTools empty if it does not matter what this host offers: what is read was checked
    ///     where it was applied
    Checks(
            Problems problems,
            CelExpressions expressions,
            Schemas schemas,
            Optional<HostTools> hostTools) {
        this.problems = problems;
        this.expressions = expressions;
        this.schemas = schemas;
        this.hostTools = hostTools;
    }

    /// That the host offers a Java tool of that name.
    void hostTool(Fields fields, String field, String name) {
        Set<String> known = hostTools.map(HostTools::names).orElse(Set.of(name));
        if (known.contains(name)) {
            return;
        }
        String hint = NearMiss.hint(name, known);
        String all =
                known.isEmpty()
                        ? "; it offers none"
                        : "; expected one of " + String.join(", ", new TreeSet<>(known));
        fields.problem(
                field,
                "the host offers no Java tool '"
                        + Found.shortened(name)
                        + "'"
                        + (hint.isEmpty() ? all : hint));
    }

    Problems problems() {
        return problems;
    }

    /// A required name; empty text if it is wrong.
    String name(Fields fields, String field) {
        String name = fields.requiredText(field, NAME_EXPECTED);
        if (name.isEmpty() || isName(name)) {
            return name;
        }
        fields.problem(
                field, "expected " + NAME_EXPECTED + ", found '" + Found.shortened(name) + "'");
        return "";
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /// A required semantic version; empty text if it is wrong.
    String version(Fields fields) {
        String version = fields.requiredText("version", VERSION_EXPECTED);
        if (!version.isEmpty()
                && (version.length() > MAX_VERSION || !VERSION.matcher(version).matches())) {
            fields.problem(
                    "version",
                    "expected " + VERSION_EXPECTED + ", found '" + Found.shortened(version) + "'");
            return "";
        }
        return version;
    }

    /// What is wrong with an input that has to match `schema`.
    List<String> inputFindings(JsonObject schema, JsonObject input) {
        return schemas.findings(schema, input);
    }

    /// What of `variable` an expression speaks of that has been checked.
    CelMembers.Use members(Expression expression, String variable) {
        return expressions.members(expression, variable);
    }

    /// A required expression; a constant if it is missing or wrong.
    Expression expression(Fields fields, String field, Set<String> variables, Result result) {
        return fields.required(field, "a CEL expression in quotes")
                .flatMap(node -> expression(fields, field, node, variables, result))
                .orElse(new Expression("false"));
    }

    Optional<Expression> optionalExpression(
            Fields fields, String field, Set<String> variables, Result result) {
        return fields.node(field)
                .flatMap(node -> expression(fields, field, node, variables, result));
    }

    private Optional<Expression> expression(
            Fields fields, String field, Node node, Set<String> variables, Result result) {
        String here = fields.path(field);
        return fields.text(here, node, "a CEL expression in quotes")
                .map(Expression::new)
                .map(
                        expression -> {
                            check(here, node.place(), expression, variables, result);
                            return expression;
                        });
    }

    /// A text with `${CEL}` in it.
    void template(Fields fields, String field, String text, Set<String> variables) {
        Place place = fields.node(field).map(Node::place).orElse(fields.place());
        try {
            TextTemplate.parse(text)
                    .expressions()
                    .forEach(
                            expression ->
                                    check(
                                            fields.path(field),
                                            place,
                                            expression,
                                            variables,
                                            Result.ANY));
        } catch (IllegalArgumentException malformed) {
            problems.add(place, fields.path(field) + ": " + malformed.getMessage());
        }
    }

    private void check(
            String here, Place place, Expression source, Set<String> variables, Result result) {
        expressions
                .compileError(source, variables, result)
                .ifPresent(
                        reason ->
                                problems.add(
                                        place,
                                        here
                                                + ": not a CEL expression that can stand here: "
                                                + reason));
    }

    /// A JSON Schema; empty object if it is wrong.
    JsonObject schema(Fields fields, String field, Node node) {
        String here = fields.path(field);
        if (!(node instanceof Members members)) {
            fields.expected(here, node, "a JSON Schema object");
            return JsonObject.EMPTY;
        }
        JsonObject schema = members.json();
        for (Finding finding : schemas.problems(schema)) {
            String pointer = finding.path();
            problems.add(
                    pointer.isEmpty() ? fields.place(field) : node.placeOf(pointer),
                    here + pointer + ": " + finding.message());
        }
        return schema;
    }

    /// The schema in `{schema: …}`, if the field is there.
    Optional<JsonObject> wrappedSchema(Fields fields, String field) {
        return fields.object(field, "schema")
                .flatMap(
                        wrapper ->
                                wrapper.required("schema", "a JSON Schema object")
                                        .map(node -> schema(wrapper, "schema", node)));
    }
}
